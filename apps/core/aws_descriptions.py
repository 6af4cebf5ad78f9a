"""AWS's descriptions of its services as a process keeps them: without their documentation, and of our services alone.

botocore holds for good what it reads to make a client: the endpoints of 300 services take 6.7 MB of a process, and the
operations of DynamoDB 1.5 MB, of Cognito 2.3 MB, two thirds of them documentation. What is left takes a quarter.
"""

import gzip
from pathlib import Path
from typing import Any

import orjson
from botocore.loaders import JSONFileLoader, Loader

# By their endpoints' names; `email` is SES. For others botocore would follow the rule of their partition.
ENDPOINTS = frozenset({"bedrock-runtime", "cognito-idp", "dynamodb", "email", "logs", "s3", "sqs", "sts"})


def loader() -> Loader:
    """Return a loader for a session; it caches what it has loaded, so sessions that end need one of their own."""
    return Loader(file_loader=_Files())


class _Files(JSONFileLoader):
    def load_file(self, file_path: str) -> Any:
        """Return the content of a file that is named without its suffix, or None, as botocore expects."""
        plain, packed = Path(f"{file_path}.json"), Path(f"{file_path}.json.gz")
        if plain.is_file():
            found = orjson.loads(plain.read_bytes())
        elif packed.is_file():
            found = orjson.loads(gzip.decompress(packed.read_bytes()))
        else:
            return None
        # Other files, such as rules of endpoints, are read by classes that want what documents a parameter.
        shorten = {"endpoints": _of_ours, "service-2": _undocumented}.get(plain.stem)
        return shorten(found) if shorten else found


def _of_ours(endpoints: dict[str, Any]) -> dict[str, Any]:
    for partition in endpoints["partitions"]:
        services = partition["services"]
        partition["services"] = {name: services[name] for name in services if name in ENDPOINTS}
    return endpoints


def _undocumented(described: Any) -> Any:
    """Return a description with empty documentation: botocore asks for some. A member of a shape may have this name."""
    if isinstance(described, dict):
        return {
            name: "" if name == "documentation" and isinstance(value, str) else _undocumented(value)
            for name, value in described.items()
        }
    return [_undocumented(one) for one in described] if isinstance(described, list) else described
