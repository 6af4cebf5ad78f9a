"""Verifiers: they tell a password or code from others, and are worth nothing without the service's key."""

import hashlib
import hmac

from django.conf import settings

# 16 MB and about 40 ms (OWASP asks for more memory where the key of a server is not part of it).
_SCRYPT = {"n": 2**14, "r": 8, "p": 1}


def verifier(secret: str, *, salt: str) -> str:
    derived = hashlib.scrypt(secret.encode(), salt=salt.encode(), **_SCRYPT)
    return hmac.new(settings.SECRET_KEY.encode(), derived, hashlib.sha256).hexdigest()
