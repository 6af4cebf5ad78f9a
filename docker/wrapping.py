"""Functions of the emulator, replaced by ones that are given the original."""

from collections.abc import Callable
from functools import wraps
from types import ModuleType
from typing import Any


def wrap(module: ModuleType, name: str) -> Callable[[Callable[..., Any]], None]:
    """Decorate what is to be called in place of `module.name`, with the original as its first argument."""
    original = getattr(module, name)

    def replace(wrapper: Callable[..., Any]) -> None:
        @wraps(original)
        def replacement(*args: Any, **kwargs: Any) -> Any:
            return wrapper(original, *args, **kwargs)

        setattr(module, name, replacement)

    return replace
