"""`python -m deploy.local.code mod`: the one-time code that the demo moderator's authenticator shows now."""

import os
import sys
from pathlib import Path

import pyotp

from deploy.local.seed import SECRETS, read_secrets


def main() -> int:
    path = Path(os.environ.get("LOCAL_DIR") or ".local").expanduser() / SECRETS
    secrets = read_secrets(path)
    name = sys.argv[1] if len(sys.argv) > 1 else next(iter(secrets), "")
    if name not in secrets:
        print(f"nobody called {name!r} has an authenticator in {path}; LOCAL_DIR names another stack", file=sys.stderr)
        return 1
    print(pyotp.TOTP(secrets[name]).now())
    return 0


if __name__ == "__main__":
    sys.exit(main())
