"""Register the moderators' screens: lists, pages and actions. Every action calls a service of apps/moderation."""

from apps.backoffice.screens import audit_log, food, jobs, people, recipes, reports

__all__ = ["audit_log", "food", "jobs", "people", "recipes", "reports"]
