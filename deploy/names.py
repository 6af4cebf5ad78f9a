"""Names that several stacks use, and the ARNs derived from them."""

from troposphere import Sub

from deploy.environments import Environment
from smartcooking.contract.queues import DEAD_LETTERS_SUFFIX, Queue


def table(env: Environment) -> str:
    return f"{env.prefix}-table"


def queue(env: Environment, which: Queue) -> str:
    return f"{env.prefix}-{which.name}"


def dead_letters(env: Environment, which: Queue) -> str:
    return queue(env, which) + DEAD_LETTERS_SUFFIX


def bucket(env: Environment, what: str) -> str:
    return f"{env.prefix}-{what}{env.bucket_suffix}"


def log_group(env: Environment, what: str) -> str:
    return f"/{env.prefix}/{what}"


def arn(service: str, resource: str, region: str = "${AWS::Region}") -> Sub:
    """Return the ARN of something in this account; `resource` is the part after the account id."""
    return Sub(f"arn:${{AWS::Partition}}:{service}:{region}:${{AWS::AccountId}}:{resource}")


def table_arn(env: Environment) -> Sub:
    return arn("dynamodb", f"table/{table(env)}")


def bucket_arn(env: Environment, what: str, objects: str = "") -> Sub:
    """Return the ARN of a bucket, or of the objects in it whose keys match `objects`."""
    path = f"/{objects}" if objects else ""
    return Sub(f"arn:${{AWS::Partition}}:s3:::{bucket(env, what)}{path}")
