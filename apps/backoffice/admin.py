"""The screens of moderators: lists, pages and acts; every act calls a service of apps/moderation."""

from apps.backoffice.screens import audit_log, food, jobs, people, recipes, reports

__all__ = ["audit_log", "food", "jobs", "people", "recipes", "reports"]
