"""Metrics, traces and logs of the service. None of them contains personal data."""
