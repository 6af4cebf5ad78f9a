"""Verifiers: they check a password or code, and are worthless without the service's key."""

import hashlib
import hmac

from django.conf import settings

# 16 MB and about 40 ms (OWASP recommends more memory, but assumes no server-side key).
_SCRYPT = {"n": 2**14, "r": 8, "p": 1}


def verifier(secret: str, *, salt: str) -> str:
    derived = hashlib.scrypt(secret.encode(), salt=salt.encode(), **_SCRYPT)
    return hmac.new(settings.SECRET_KEY.encode(), derived, hashlib.sha256).hexdigest()
