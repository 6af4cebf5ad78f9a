"""What the emulator does otherwise than AWS, put right where the service depends on it."""

# ruff: noqa: SLF001 (the emulator has no public way to do this, hence its pinned version)

import threading
from collections.abc import Callable
from typing import Any

from ministack.services import cognito

from docker.wrapping import wrap

OK = 200
# Held by whoever reads or changes the people of the pools.
PEOPLE = threading.Lock()


def apply() -> None:
    _answer_for_people_one_at_a_time()
    _verify_the_address_of_who_signs_up()


def _answer_for_people_one_at_a_time() -> None:
    """Have no request look through the people of a pool while another adds one.

    The emulator answers each on a thread of its own, for triggers that call it back, which nothing here has. Whoever
    was looked for while somebody signed up was then not found: "Invalid access token".
    """

    @wrap(cognito, "_run_idp_handler")
    def run_idp_handler(original: Callable[..., Any], *args: Any) -> Any:
        with PEOPLE:
            return original(*args)


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
