"""A stub of Bedrock's Converse API as AWS documents it: `python -m tests.support.bedrock_stub --port N`."""

import json
import re
import uuid
from typing import Any
from urllib.parse import unquote

from tests.support.model_stub import Behaviour, ModelHandler, ModelStub, Recorded, run, written

_PATH = re.compile(r"/model/([^/]+)/converse")
_REFUSAL = "I'm sorry, I cannot help with that."


class BedrockHandler(ModelHandler):
    def answer(self, behaviour: Behaviour, recorded: Recorded) -> None:
        refused = _complaint(recorded)
        if refused:
            self._error(*refused)
        elif behaviour["kind"] == "error":
            self._error(behaviour["status"], behaviour["code"], behaviour["message"])
        else:
            self.send(200, _answer(behaviour, recorded.json), x_amzn_RequestId=str(uuid.uuid4()))

    def _error(self, status: int, code: str, message: str) -> None:
        """Format an error as REST-JSON does: its name in a header, with the namespace that some services add."""
        named = f"{code}:http://internal.amazon.com/coral/com.amazon.bedrock/"
        self.send(status, {"message": message}, x_amzn_ErrorType=named, x_amzn_RequestId=str(uuid.uuid4()))


def start() -> ModelStub:
    return ModelStub(BedrockHandler)


def model(recorded: Recorded) -> str:
    """Return the id of the model in the request."""
    found = _PATH.fullmatch(recorded.path)
    assert found
    return unquote(found[1])


def prompt(recorded: Recorded) -> str:
    return str(recorded.json["messages"][0]["content"][0]["text"])


def _complaint(recorded: Recorded) -> tuple[int, str, str] | None:
    """Return why Bedrock would refuse the request, if it would."""
    signature = recorded.headers.get("Authorization", "")
    if not _PATH.fullmatch(recorded.path):
        return 404, "UnknownOperationException", ""
    if not signature.startswith("AWS4-HMAC-SHA256 ") or "/bedrock/aws4_request" not in signature:
        return 403, "MissingAuthenticationTokenException", "Missing Authentication Token"
    body = recorded.json
    if not body.get("messages") or body["messages"][0]["role"] != "user":
        return 400, "ValidationException", "A conversation must start with a user message."
    tools = [tool["toolSpec"]["name"] for tool in body.get("toolConfig", {}).get("tools", ())]
    forced = body.get("toolConfig", {}).get("toolChoice", {}).get("tool", {}).get("name")
    if forced and forced not in tools:
        return 400, "ValidationException", f"The toolChoice {forced} is not among the tools."
    return None


def _answer(behaviour: Behaviour, body: Any) -> dict[str, Any]:
    kind = behaviour["kind"]
    if kind in ("refusal", "guardrail"):
        reason = "end_turn" if kind == "refusal" else "guardrail_intervened"
        return _converse([{"text": _REFUSAL}], behaviour.get("reason", reason), body)
    specification = body["toolConfig"]["tools"][0]["toolSpec"]
    user = body["messages"][0]["content"][0]["text"]
    given: Any = written(behaviour, user, specification["inputSchema"]["json"])
    reason = behaviour.get("reason", "tool_use")
    if kind == "truncated":
        # Bedrock returns the part of the input that it had generated.
        given, reason = {"title": given["title"], "ingredients": given["ingredients"][:1]}, "max_tokens"
    elif kind == "malformed":
        given = json.dumps(given)[:-20]
    use = {"toolUse": {"toolUseId": f"tooluse_{uuid.uuid4().hex[:22]}", "name": specification["name"], "input": given}}
    return _converse([{"text": "Here it is."}, use], reason, body)


def _converse(content: list[Any], reason: str, body: Any) -> dict[str, Any]:
    # Roughly what a tokenizer counts; tests that need exact numbers compute them in the same way.
    read, wrote = tokens(body), tokens(content)
    return {
        "metrics": {"latencyMs": 1234},
        "output": {"message": {"role": "assistant", "content": content}},
        "stopReason": reason,
        "usage": {"inputTokens": read, "outputTokens": wrote, "totalTokens": read + wrote},
    }


def tokens(value: Any) -> int:
    return len(json.dumps(value)) // 4


if __name__ == "__main__":
    run(BedrockHandler, "A stand-in for Bedrock's Converse API")
