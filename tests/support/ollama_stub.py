"""A stub of Ollama's chat API as it is documented: `python -m tests.support.ollama_stub --port N`."""

import json
from datetime import UTC, datetime
from typing import Any

from tests.support.model_stub import Behaviour, ModelHandler, ModelStub, Recorded, run, written


class OllamaHandler(ModelHandler):
    def answer(self, behaviour: Behaviour, recorded: Recorded) -> None:
        if recorded.path != "/api/chat":
            self.send_bytes(404, b"404 page not found")
        elif behaviour["kind"] == "error":
            self.send(behaviour["status"], {"error": behaviour["message"]})
        else:
            self.send(200, _answer(behaviour, recorded.json))


def start() -> ModelStub:
    return ModelStub(OllamaHandler)


def prompt(recorded: Recorded) -> str:
    return str(recorded.json["messages"][-1]["content"])


def _answer(behaviour: Behaviour, body: Any) -> dict[str, Any]:
    kind, reason = behaviour["kind"], "stop"
    content = json.dumps(written(behaviour, body["messages"][-1]["content"], body["format"]), ensure_ascii=False)
    if kind in ("refusal", "guardrail"):
        content = "I'm sorry, I cannot help with that."
    elif kind == "truncated":
        content, reason = content[:40], "length"
    elif kind == "malformed":
        content = content[:-20]
    read, wrote = len(json.dumps(body)) // 4, len(content) // 4
    return {
        "model": body["model"],
        "created_at": datetime.now(UTC).isoformat().replace("+00:00", "Z"),
        "message": {"role": "assistant", "content": content},
        "done": True,
        "done_reason": reason,
        "total_duration": 1_234_000_000,
        "load_duration": 5_000_000,
        "prompt_eval_count": read,
        "prompt_eval_duration": 100_000_000,
        "eval_count": wrote,
        "eval_duration": 1_100_000_000,
    }


if __name__ == "__main__":
    run(OllamaHandler, "A stand-in for Ollama's chat API")
