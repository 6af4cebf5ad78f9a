"""Checks of a running service from outside, as a client: for operators, releases, and scheduled commands."""
