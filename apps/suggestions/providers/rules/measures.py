"""Quantities as a cook would write them."""

_TSP = ("muỗng cà phê", "tsp")
_TBSP = ("muỗng canh", "tbsp")
_TSP_PER_TBSP = 3
_WHOLE = frozenset({"clove", "stalk", "slice", "sheet"})


def measure(amount: float, unit: tuple[str, str], place: int) -> tuple[float, str]:
    """Return a rounded quantity and its unit in one language; `place` is that of the language in `unit`."""
    if tuple(unit) == _TSP and amount >= _TSP_PER_TBSP:
        unit, amount = _TBSP, amount / _TSP_PER_TBSP
    return _rounded(amount, unit[1]), unit[place]


def _rounded(amount: float, unit: str) -> float:
    if unit in {"g", "ml"}:
        return _to(amount, _gram_step(amount))
    if unit in _WHOLE:
        return max(1, round(amount))
    if unit == "piece":
        return max(0.5, _to(amount, 0.5))
    return max(0.25, _to(amount, 0.25 if amount < 1 else 0.5))


def _gram_step(amount: float) -> float:
    if amount >= 1000:  # noqa: PLR2004
        return 100
    if amount >= 200:  # noqa: PLR2004
        return 50
    return 10 if amount >= 20 else 5  # noqa: PLR2004


def _to(amount: float, step: float) -> float:
    rounded = max(step, round(amount / step) * step)
    return int(rounded) if rounded == int(rounded) else rounded
