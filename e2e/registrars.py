"""How the people of the suites get their accounts: by the code that is mailed to them, or by an operator's hand."""

import contextlib
import email
import imaplib
import re
import time
from dataclasses import dataclass
from typing import Protocol
from urllib.parse import parse_qs, unquote, urlsplit

from smartcooking.probes import accounts
from smartcooking.probes.accounts import Accounts
from smartcooking.probes.http import Api, Unexpected

# What the local Cognito expects instead of a code that it would mail (docs/runbooks/local-stack.md).
LOCAL_CODE = "123456"
IMAPS = 993
CODE = re.compile(r"\b\d{6}\b")
PATIENCE, BETWEEN = 120.0, 3.0


class Registrar(Protocol):
    """Where a person's mail goes, how their account is confirmed, and how it is removed in the end."""

    def address(self, username: str) -> str: ...

    def confirm(self, api: Api, username: str) -> None: ...

    def remove(self, username: str) -> bool: ...


@dataclass(frozen=True)
class Operators:
    """With the rights of whoever deploys: no mail is read, and accounts are removed with all their rows."""

    accounts: Accounts

    def address(self, username: str) -> str:
        return accounts.mailbox(username)

    def confirm(self, api: Api, username: str) -> None:
        self.accounts.confirm(username)

    def remove(self, username: str) -> bool:
        with contextlib.suppress(Exception):
            return self.accounts.remove(username)
        return False


@dataclass(frozen=True)
class Local:
    """The local stack: codes are always the same; accounts are removed where its pool can be reached."""

    accounts: Accounts | None = None

    def address(self, username: str) -> str:
        return accounts.mailbox(username)

    def confirm(self, api: Api, username: str) -> None:
        api.ask("POST", "/v1/auth/confirm", expect=(204,), body={"username": username, "code": LOCAL_CODE})

    def remove(self, username: str) -> bool:
        return Operators(self.accounts).remove(username) if self.accounts else False


@dataclass(frozen=True)
class Mailbox:
    """A mailbox that is read by IMAP: imaps://USER:PASSWORD@HOST/?address=NAME@DOMAIN, which takes NAME+anything."""

    url: str

    def address(self, username: str) -> str:
        named = parse_qs(urlsplit(self.url).query)["address"][0]
        name, _, domain = named.partition("@")
        return f"{name}+{username}@{domain}"

    def confirm(self, api: Api, username: str) -> None:
        code = self._code(self.address(username))
        api.ask("POST", "/v1/auth/confirm", expect=(204,), body={"username": username, "code": code})

    def remove(self, username: str) -> bool:
        return False

    def _code(self, address: str) -> str:
        split = urlsplit(self.url)
        deadline = time.monotonic() + PATIENCE
        while time.monotonic() < deadline:
            with imaplib.IMAP4_SSL(str(split.hostname), split.port or IMAPS) as server:
                server.login(unquote(split.username or ""), unquote(split.password or ""))
                server.select("INBOX", readonly=True)
                _, found = server.search(None, "TO", f'"{address}"')
                for number in reversed(found[0].split()):
                    _, parts = server.fetch(number, "(BODY.PEEK[])")
                    if code := CODE.search(_text(parts[0][1])):  # type: ignore[index,arg-type]  # a pair, where there is a mail
                        return code[0]
            time.sleep(BETWEEN)
        message = f"no mail with a code came to {address} within {PATIENCE:.0f} s"
        raise Unexpected(message)


def _text(raw: bytes) -> str:
    message = email.message_from_bytes(raw)
    parts = [part for part in message.walk() if part.get_content_maintype() == "text"]
    return " ".join((part.get_payload(decode=True) or b"").decode("utf-8", "replace") for part in parts)  # type: ignore[union-attr]
