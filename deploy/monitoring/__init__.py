"""Alarms: metrics, rules, and the topics that they notify."""
