"""What the processes of the tests do at less cost than the service, where no rule depends on it.

A run makes a hundred thousand calls of the local DynamoDB, which checks no signature; hundreds of tests change a
setting and so have middleware loaded anew; and each registration derives a verifier, which is made to be slow.
"""

import threading
from typing import Any

import pytest
from botocore.auth import AUTH_TYPE_MAPS, BaseSigner
from django.conf import settings
from whitenoise.middleware import WhiteNoiseMiddleware

from apps.core import aws
from apps.users import verifiers

_SIGNER = "no-signature"
_WITHOUT_SIGNATURE = {
    "Authorization": "AWS4-HMAC-SHA256 Credential=none/20260101/local/dynamodb/aws4_request, SignedHeaders=host, "
    "Signature=none",
    "X-Amz-Date": "20260101T000000Z",
}
# What decides which static files there are, and their headers.
_OF_FILES = ("DEBUG", "FORCE_SCRIPT_NAME", "STATIC", "STATICFILES", "WHITENOISE")
_read_files = WhiteNoiseMiddleware.__init__
_files: dict[tuple[str, ...], dict[str, Any]] = {}
_loading = threading.Lock()


class _NoSignature(BaseSigner):
    """Names somebody without a proof: signing is a quarter of what a call costs."""

    def __init__(self, **_: Any) -> None: ...

    def add_auth(self, request: Any) -> None:
        # As signers do it: a second header would be added beside the one of an earlier attempt.
        for name, value in _WITHOUT_SIGNATURE.items():
            del request.headers[name]
            request.headers[name] = value


def _choose(**_: Any) -> Any:
    return _SIGNER


def sign_nothing() -> None:
    """Have this process sign no request to DynamoDB."""
    AUTH_TYPE_MAPS[_SIGNER] = _NoSignature
    aws.session().register("choose-signer.dynamodb", _choose)


def derive_at_once() -> None:
    """Make verifiers without effort; processes that are to check each other's must all do so."""
    verifiers._SCRYPT["n"] = 2


def read_static_files_once() -> None:
    """Look at each static file once for all that load middleware with the same settings of files."""
    WhiteNoiseMiddleware.__init__ = _share_files


def _share_files(self: Any, *arguments: Any, **options: Any) -> None:
    about = tuple(f"{name}={getattr(settings, name)}" for name in sorted(dir(settings)) if name.startswith(_OF_FILES))
    with _loading, pytest.MonkeyPatch.context() as patched:
        if about in _files:
            for name in ("add_files", "add_files_from_finders"):
                patched.setattr(WhiteNoiseMiddleware, name, lambda *_, **__: None)
        _read_files(self, *arguments, **options)
        self.files = _files.setdefault(about, self.files)
