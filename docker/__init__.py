"""What runs the service: on this machine by `make run`, elsewhere in containers."""
