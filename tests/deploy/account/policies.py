"""IAM's decision about a call: an explicit deny wins, then an allow, and everything else is denied."""

from collections.abc import Iterable, Mapping, Sequence
from fnmatch import fnmatchcase
from typing import Any

Document = Mapping[str, Any]


def allows(documents: Iterable[Document], action: str, resource: str, context: Mapping[str, str]) -> bool:
    """Decide by resolved documents. `context` has the keys used by conditions, such as aws:RequestedRegion."""
    allowed = False
    for document in documents:
        for statement in listed(document["Statement"]):
            if not _applies(statement, action, resource, context):
                continue
            if statement["Effect"] == "Deny":
                return False
            allowed = True
    return allowed


def names(documents: Iterable[Document], action: str) -> bool:
    """Return whether any statement allows the action, on whatever resource."""
    return any(
        statement["Effect"] == "Allow"
        and _matches(action.lower(), [one.lower() for one in listed(statement["Action"])])
        for document in documents
        for statement in listed(document["Statement"])
    )


def listed(value: Any) -> Sequence[Any]:
    return value if isinstance(value, list) else [value]


def _applies(statement: Document, action: str, resource: str, context: Mapping[str, str]) -> bool:
    if "NotAction" in statement:
        concerned = not _matches(action.lower(), [one.lower() for one in listed(statement["NotAction"])])
    else:
        concerned = _matches(action.lower(), [one.lower() for one in listed(statement["Action"])])
    return concerned and _matches(resource, listed(statement["Resource"])) and _holds(statement, context)


def _holds(statement: Document, context: Mapping[str, str]) -> bool:
    for operator, wanted in statement.get("Condition", {}).items():
        for key, values in wanted.items():
            patterns = [str(one) for one in listed(values)]
            if operator in {"StringLike", "ArnLike", "ArnEquals"}:
                held = _matches(context.get(key, ""), patterns)
            elif operator in {"StringEquals", "Bool"}:
                held = context.get(key, "") in patterns
            else:
                raise NotImplementedError(operator)
            if not held:
                return False
    return True


def _matches(value: str, patterns: Sequence[str]) -> bool:
    # Brackets are literal in ARNs.
    return any(fnmatchcase(value, pattern.replace("[", "[[]")) for pattern in patterns)
