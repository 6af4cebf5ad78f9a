"""The client's address for this app's limits."""

from apps.core.client_address import client_address

__all__ = ["client_address"]
