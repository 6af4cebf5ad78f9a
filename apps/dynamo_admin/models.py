"""Rows of the admin: its sessions."""

from datetime import datetime

from pynamodb.attributes import UnicodeAttribute

from apps.core.models import Item, MomentAttribute


class AdminSession(Item, discriminator="admin_session"):
    """One browser that is signed in to the admin, by the hash of its cookie: the row gives nobody a usable one."""

    user_id = UnicodeAttribute(null=True)
    data = UnicodeAttribute()
    expires_at = MomentAttribute()

    def has_ended(self, now: datetime) -> bool:
        return self.expires_at <= now
