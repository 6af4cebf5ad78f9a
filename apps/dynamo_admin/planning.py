"""Translate Django's query into an access pattern: every condition is planned or refused, none is ignored."""

import operator
from collections.abc import Callable
from typing import Any

from django.db.models.expressions import Col
from django.db.models.lookups import Lookup
from django.db.models.sql.where import AND, NothingNode, WhereNode

from apps.core import text
from apps.dynamo_admin.errors import UnsupportedQuery
from apps.dynamo_admin.stores import Listing, Plan, Store, Test

Leaf = tuple[Any, str, Any]

_OPERATIONS: dict[str, Callable[[Any, Any], bool]] = {
    "exact": operator.eq,
    "in": lambda held, wanted: held in wanted,
    "gt": lambda held, wanted: held is not None and held > wanted,
    "gte": lambda held, wanted: held is not None and held >= wanted,
    "lt": lambda held, wanted: held is not None and held < wanted,
    "lte": lambda held, wanted: held is not None and held <= wanted,
    "contains": lambda held, wanted: wanted in (held or ""),
    "icontains": lambda held, wanted: text.fold(str(wanted)) in text.fold(str(held or "")),
    "startswith": lambda held, wanted: str(held or "").startswith(wanted),
    "istartswith": lambda held, wanted: text.fold(str(held or "")).startswith(text.fold(str(wanted))),
    "isnull": lambda held, wanted: (held is None) == wanted,
}


def plan_of(query: Any, model: Any, store: Store) -> Plan:
    """Return how `store` answers a query; `UnsupportedQuery` where it has no access pattern for it."""
    plan = Plan()
    leaves: list[Leaf] = []
    if query.is_empty() or not _flatten(query.where, model, leaves, plan.tests):
        plan.is_empty = True
        return plan
    plan.tests += [_test(*leaf) for leaf in leaves]
    ids = [_ids(value, op) for field, op, value in leaves if field.primary_key and op in ("exact", "in")]
    if ids:
        plan.ids = [id_ for id_ in ids[0] if all(id_ in others for others in ids[1:])]
        plan.is_empty = not plan.ids
    else:
        _choose(plan, leaves, store, model)
        _bound(plan, leaves)
    _order(plan, query, model)
    plan.fingerprint = _fingerprint(plan, query)
    return plan


def _ids(value: Any, op: str) -> list[str]:
    return [str(value)] if op == "exact" else [str(one) for one in value]


def _flatten(node: Any, model: Any, leaves: list[Leaf], tests: list[Test]) -> bool:
    """Sort conditions that must all hold into `leaves`, others into `tests`; False where nothing can meet them."""
    if node.negated or (node.connector != AND and len(node.children) > 1):
        tests.append(_combined(node, model))
        return True
    for child in node.children:
        if isinstance(child, NothingNode):
            return False
        if isinstance(child, WhereNode):
            if not _flatten(child, model, leaves, tests):
                return False
        else:
            leaves.append(_leaf(child, model))
    return all(value for _, op, value in leaves if op == "in")


def _leaf(lookup: Any, model: Any) -> Leaf:
    if not isinstance(lookup, Lookup) or not isinstance(lookup.lhs, Col):
        raise UnsupportedQuery(f"no access pattern for {type(lookup).__name__}")
    field = lookup.lhs.target
    if field.model._meta.concrete_model is not model._meta.concrete_model:  # noqa: SLF001  Django's own name
        raise UnsupportedQuery("joins are not possible")
    if lookup.lookup_name not in _OPERATIONS:
        raise UnsupportedQuery(f"{field.name}__{lookup.lookup_name} is not possible")
    return field, str(lookup.lookup_name), lookup.rhs


def _test(field: Any, op: str, value: Any) -> Test:
    return lambda one: _OPERATIONS[op](getattr(one, field.attname), value)


def _combined(node: Any, model: Any) -> Test:
    parts = [
        _combined(child, model) if isinstance(child, WhereNode) else _test(*_leaf(child, model))
        for child in node.children
    ]
    combine = all if node.connector == AND else any
    negated = node.negated
    return lambda one: combine(part(one) for part in parts) != negated


def _choose(plan: Plan, leaves: list[Leaf], store: Store, model: Any) -> None:
    """Take the listing that covers most of the conditions; what it leaves is tested object by object."""
    exact = {field.name: value for field, op, value in leaves if op == "exact"}
    fitting = [one for one in store.listings if _fits(one, exact)]
    if not fitting:
        raise UnsupportedQuery(f"{model._meta.label} has no listing for {sorted(exact) or 'all objects'}")  # noqa: SLF001
    plan.listing = max(fitting, key=lambda one: len(one.fields))
    plan.arguments = tuple(exact[name] for name in plan.listing.by)
    covered = set(plan.listing.fields)
    plan.drops = len(plan.tests) > sum(1 for field, op, _ in leaves if op == "exact" and field.name in covered)


def _fits(listing: Listing, exact: dict[str, Any]) -> bool:
    return all(name in exact and exact[name] == value for name, value in listing.fixed.items()) and all(
        name in exact for name in listing.by
    )


def _bound(plan: Plan, leaves: list[Leaf]) -> None:
    """Turn conditions on the order's field into a range of the sort key; they stay tests as well."""
    listing = plan.listing
    assert listing is not None
    for field, op, value in leaves:
        if listing.order_by and field.name == listing.order_by:
            bound = listing.bound(value) if op in ("gt", "gte", "lt", "lte", "exact") else None
            if op in ("gt", "gte", "exact"):
                plan.low = max(filter(None, (plan.low, bound)))
            if op in ("lt", "lte", "exact"):
                plan.high = min(filter(None, (plan.high, bound)))


def _order(plan: Plan, query: Any, model: Any) -> None:
    meta = model._meta  # noqa: SLF001
    wanted = list(query.order_by) or (list(meta.ordering) if query.default_ordering else [])
    wanted = [str(name) for name in wanted if str(name).lstrip("-") not in ("pk", meta.pk.name)]
    listing = plan.listing
    if listing is None:
        return
    plan.forward = not listing.newest_first
    if not wanted or not query.order_by:
        return
    if len(wanted) > 1 or wanted[0].lstrip("-") != listing.order_by:
        raise UnsupportedQuery(f"{meta.label} can be ordered by {listing.order_by or 'nothing'} only here")
    plan.forward = not wanted[0].startswith("-")


def _fingerprint(plan: Plan, query: Any) -> Any:
    """Say what a cursor belongs to: the same conditions in the same direction."""
    partition = plan.partition if plan.listing else ",".join(plan.ids or ())
    return [partition, plan.low, plan.high, plan.forward, repr(query.where)]
