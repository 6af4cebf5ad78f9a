"""What the emulator does otherwise than AWS, put right where the service depends on it."""

# ruff: noqa: SLF001 (the emulator has no public way to do this, hence its pinned version)

from collections.abc import Callable
from typing import Any

from ministack.services import cognito

from docker.wrapping import wrap

OK = 200


def apply() -> None:
    _verify_the_address_of_who_signs_up()


def _verify_the_address_of_who_signs_up() -> None:
    """Have the code that confirms a sign-up prove the address that it was sent to.

    Cognito does so, and nobody could sign in with an address that is not proven.
    """

    @wrap(cognito, "_confirm_sign_up")
    def confirm_sign_up(original: Callable[..., Any], data: dict[str, Any]) -> Any:
        answer = original(data)
        if answer[0] == OK:
            pool = next(pool for pool in cognito._user_pools.values() if data["ClientId"] in pool["_clients"])
            user, _ = cognito._resolve_user(pool, data["Username"])
            attributes = cognito._attr_list_to_dict(user["Attributes"])
            attributes |= {f"{name}_verified": "true" for name in pool["AutoVerifiedAttributes"] if name in attributes}
            user["Attributes"] = cognito._dict_to_attr_list(attributes)
        return answer
