"""A stub of CloudFormation with parameters and rollback triggers, and of CloudWatch with their alarm.

It records all requests. The emulator ignores rollback triggers, and refuses the stack that a release changes; this
stub speaks the same protocol.
"""

import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs

HEAD = "http://cloudformation.amazonaws.com/doc/2010-05-15/"


@dataclass
class Stack:
    """The properties of a stack that releases use."""

    parameters: dict[str, str] = field(default_factory=dict)
    outputs: dict[str, str] = field(default_factory=dict)
    status: str = "CREATE_COMPLETE"
    events: list[tuple[str, str, str, str]] = field(default_factory=list)


@dataclass
class CloudFormation:
    """`alarms_when` are the parameters with which the alarm goes off; `sent` has every request.

    `ringing` has the next answers to whether the alarm is on; when they are used up, it is off.
    """

    stacks: dict[str, Stack]
    url: str = ""
    sent: list[dict[str, str]] = field(default_factory=list)
    alarms_when: dict[str, str] | None = None
    ringing: list[str] = field(default_factory=list)
    _change_sets: dict[str, tuple[str, dict[str, str], dict[str, str]]] = field(default_factory=dict)

    def executed(self) -> list[dict[str, str]]:
        """Return the request of each change set that changed something."""
        return [one[2] for one in self._change_sets.values()]

    def answer(self, form: dict[str, str]) -> tuple[int, str]:
        self.sent.append(form)
        return getattr(self, f"_{form['Action']}")(form)  # type: ignore[no-any-return]

    def alarms(self) -> bytes:
        reason = self.ringing.pop(0) if self.ringing else ""
        alarm = {"AlarmName": "release", "StateValue": "ALARM" if reason else "OK", "StateReason": reason}
        return json.dumps({"CompositeAlarms": [alarm], "MetricAlarms": []}).encode()

    def _DescribeStacks(self, form: dict[str, str]) -> tuple[int, str]:  # noqa: N802
        name = form["StackName"]
        if name not in self.stacks:
            return 400, _error("ValidationError", f"Stack with id {name} does not exist")
        stack = self.stacks[name]
        parameters = _members(stack.parameters, "ParameterKey", "ParameterValue")
        outputs = _members(stack.outputs, "OutputKey", "OutputValue")
        inner = f"<StackName>{name}</StackName><StackId>{name}</StackId><StackStatus>{stack.status}</StackStatus>"
        body = f"{inner}<Parameters>{parameters}</Parameters><Outputs>{outputs}</Outputs>"
        return 200, _result(form, f"<Stacks><member>{body}</member></Stacks>")

    def _CreateChangeSet(self, form: dict[str, str]) -> tuple[int, str]:  # noqa: N802
        stack = self.stacks[form["StackName"]]
        values = dict(stack.parameters)
        number = 1
        while (key := form.get(f"Parameters.member.{number}.ParameterKey")) is not None:
            value = form.get(f"Parameters.member.{number}.ParameterValue")
            values[key] = stack.parameters[key] if value is None else value
            number += 1
        self._change_sets[form["ChangeSetName"]] = (form["StackName"], values, form)
        return 200, _result(form, f"<Id>{form['ChangeSetName']}</Id><StackId>{form['StackName']}</StackId>")

    def _DescribeChangeSet(self, form: dict[str, str]) -> tuple[int, str]:  # noqa: N802
        name, values, _ = self._change_sets[form["ChangeSetName"]]
        if values == self.stacks[name].parameters:
            reason = "<StatusReason>The submitted information didn't contain changes.</StatusReason>"
            return 200, _result(form, f"<Status>FAILED</Status>{reason}<Changes/>")
        change = (
            "<member><Type>Resource</Type><ResourceChange><Action>Modify</Action><LogicalResourceId>Weights"
            "</LogicalResourceId><ResourceType>AWS::ElasticLoadBalancingV2::ListenerRule</ResourceType>"
            "</ResourceChange></member>"
        )
        return 200, _result(form, f"<Status>CREATE_COMPLETE</Status><Changes>{change}</Changes>")

    def _DeleteChangeSet(self, form: dict[str, str]) -> tuple[int, str]:  # noqa: N802
        self._change_sets.pop(form["ChangeSetName"])
        return 200, _result(form, "")

    def _ExecuteChangeSet(self, form: dict[str, str]) -> tuple[int, str]:  # noqa: N802
        name, values, asked = self._change_sets[form["ChangeSetName"]]
        stack, token = self.stacks[name], form["ClientRequestToken"]
        watched = "RollbackConfiguration.RollbackTriggers.member.1.Arn" in asked
        rings = self.alarms_when is not None and self.alarms_when.items() <= values.items()
        if watched and rings:
            reason = "Rollback triggered: CloudWatch alarm is in ALARM state"
            stack.events.append((token, name, "UPDATE_ROLLBACK_IN_PROGRESS", reason))
            stack.status = "UPDATE_ROLLBACK_COMPLETE"
        else:
            stack.parameters = values
            stack.status = "UPDATE_COMPLETE"
        stack.events.append((token, name, stack.status, ""))
        return 200, _result(form, "")

    def _DescribeStackEvents(self, form: dict[str, str]) -> tuple[int, str]:  # noqa: N802
        events = "".join(
            f"<member><EventId>{number}</EventId><ClientRequestToken>{token}</ClientRequestToken>"
            f"<LogicalResourceId>{resource}</LogicalResourceId><ResourceStatus>{status}</ResourceStatus>"
            f"<ResourceStatusReason>{reason}</ResourceStatusReason></member>"
            for number, (token, resource, status, reason) in enumerate(self.stacks[form["StackName"]].events)
        )
        return 200, _result(form, f"<StackEvents>{events}</StackEvents>")


@contextmanager
def start(stacks: dict[str, Stack]) -> Iterator[CloudFormation]:
    stub = CloudFormation(stacks)

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            sent = self.rfile.read(int(self.headers["Content-Length"]))
            if self.headers.get("X-Amz-Target", "").endswith(".DescribeAlarms"):
                self._write(200, "application/x-amz-json-1.0", stub.alarms())
                return
            form = {key: values[0] for key, values in parse_qs(sent.decode(), keep_blank_values=True).items()}
            status, body = stub.answer(form)
            self._write(status, "text/xml", body.encode())

        def _write(self, status: int, kind: str, body: bytes) -> None:
            self.send_response(status)
            self.send_header("Content-Type", kind)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: Any) -> None: ...

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    stub.url = f"http://127.0.0.1:{server.server_port}"
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    try:
        yield stub
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


def _members(values: dict[str, str], key: str, value: str) -> str:
    return "".join(f"<member><{key}>{k}</{key}><{value}>{v}</{value}></member>" for k, v in values.items())


def _result(form: dict[str, str], inner: str) -> str:
    action = form["Action"]
    return f'<{action}Response xmlns="{HEAD}"><{action}Result>{inner}</{action}Result></{action}Response>'


def _error(code: str, message: str) -> str:
    return (
        f'<ErrorResponse xmlns="{HEAD}"><Error><Code>{code}</Code><Message>{message}</Message></Error></ErrorResponse>'
    )
