"""Make templates in moto, an AWS in memory: `python moto_stacks.py DIRECTORY`, in a place where moto is installed.

Another judge than the emulator of the local stack, with other gaps. It knows no resource types for some of what the
others hold, so those stacks are left out, by name: one that it takes one day is a line to remove here.
"""

import contextlib
import io
import json
import logging
import os
import sys
import warnings
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from mypy_boto3_cloudformation.type_defs import ParameterTypeDef

# What it refuses or cannot make, each for a type that it does not know or a reference to one.
BEYOND_MOTO = {
    "dns", "edge-global", "identity", "monitoring", "network", "service", "slo", "workers",
}  # fmt: skip
DIGEST = f"sha256:{'0' * 64}"


def main(directory: Path) -> int:
    # Of nobody's account; moto answers before anything is sent.
    os.environ.update(AWS_ACCESS_KEY_ID="none", AWS_SECRET_ACCESS_KEY="none", AWS_DEFAULT_REGION="ap-southeast-1")
    logging.getLogger("moto").setLevel(logging.CRITICAL)
    from moto import mock_aws  # noqa: PLC0415  after its environment

    warnings.simplefilter("ignore")
    failed = 0
    with mock_aws():
        for path in sorted(directory.glob("*.json")):
            name = path.stem.removeprefix("smart-cooking-prod-")
            if name not in BEYOND_MOTO:
                said = make(path)
                failed += bool(said)
                print(f"{name}: {said or 'made'}")
    return 1 if failed else 0


def make(path: Path) -> str:
    """Make a stack of the template; returns what is wrong, and nothing when it is there with all its resources."""
    import boto3  # noqa: PLC0415

    text = path.read_text("utf-8")
    template = json.loads(text)
    client = boto3.client("cloudformation")
    given: list[ParameterTypeDef] = [
        {"ParameterKey": title, "ParameterValue": DIGEST if title.endswith("Digest") else f"the-{title.lower()}"}
        for title, one in template.get("Parameters", {}).items()
        if "Default" not in one
    ]
    try:
        # It prints what it does not know.
        with contextlib.redirect_stderr(io.StringIO()):
            client.create_stack(
                StackName=path.stem, TemplateBody=text, Parameters=given, Capabilities=["CAPABILITY_NAMED_IAM"]
            )
    except Exception as error:  # noqa: BLE001  whatever it trips over is a finding
        return f"{type(error).__name__}: {error}"
    status = client.describe_stacks(StackName=path.stem)["Stacks"][0]["StackStatus"]
    return "" if status == "CREATE_COMPLETE" else str(status)


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1])))
