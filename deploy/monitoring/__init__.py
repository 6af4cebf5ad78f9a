"""What alarms and dashboards watch, and whom they notify."""
