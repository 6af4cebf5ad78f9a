"""Metrics, traces and logs of the service; nothing private is in any of them."""
