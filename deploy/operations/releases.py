"""Releases: the idle colour gets the image, passes smoke tests, then takes over traffic in steps under an alarm.

The state of a release is kept in the parameters of the service stack alone, so that anybody can resume it from any
machine. CloudFormation reports a step as COMPLETE only after it has watched the alarm for the whole monitoring time.
"""

import secrets
import time
from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager
from dataclasses import dataclass
from typing import Any

from deploy import stacks
from deploy.operations import cloudformation, release_alarm, rollout
from deploy.operations.changes import StackFailed
from deploy.operations.rollout import Target
from deploy.operations.synthetic_traffic import Traffic
from deploy.stacks import Stack
from smartcooking.probes.http import Unexpected

# Percent of the requests, and the minutes for which CloudFormation watches the alarm before the next step.
STEPS = ((10, 5), (25, 10), (50, 15), (100, 15))
ALL = 100
# Before a step: how often an active alarm is read again, and the seconds between two reads.
QUIET_TRIES, QUIET_BETWEEN = 20, 30.0
OTHER = {"Blue": "Green", "Green": "Blue"}
TAKEN_BACK = "UPDATE_ROLLBACK_COMPLETE"
# First letter of a preview key: whether a release or a rollback is in progress, for whoever resumes it.
FORTH, BACK = "f", "b"


class ReleaseFailed(Exception):
    """The image failed; all requests are served by the previous one."""


class CannotRelease(Exception):
    """The service stack is not in a state from which this release can start or continue."""


@dataclass(frozen=True)
class State:
    """The state of a release, from the parameters of the service stack."""

    parameters: Mapping[str, str]
    status: str

    def digest(self, colour: str) -> str:
        # Before the first release green has no image of its own.
        return self.parameters.get(f"{colour}Digest") or self.parameters["BlueDigest"]

    def weight(self, colour: str) -> int:
        return int(self.parameters[f"{colour}Weight"])

    def tasks(self, colour: str) -> int:
        return int(self.parameters[f"{colour}Tasks"])

    @property
    def live(self) -> str:
        """Return the colour that serves most requests; at a tie the older one, which is not the preview colour."""
        blue, green = self.weight("Blue"), self.weight("Green")
        if blue == green:
            return OTHER[self.parameters["PreviewColour"]]
        return "Blue" if blue > green else "Green"

    @property
    def under_way(self) -> bool:
        """Return whether a release or rollback is in progress: it has a preview key from its first step to its last."""
        return bool(self.parameters.get("PreviewKey"))

    @property
    def goes_back(self) -> bool:
        return self.parameters.get("PreviewKey", "").startswith(BACK)

    @property
    def tried(self) -> str:
        return self.parameters["PreviewColour"]


@dataclass(frozen=True)
class ReleaseContext:
    """What a release needs besides CloudFormation: where to report progress, and how to test a colour.

    `smoke` gets the release's key, tests the colour to which this key leads, and raises `Unexpected` on failure. With
    `patient` it first waits until tasks have started. `traffic` sends synthetic requests there for the given number of
    seconds. The alarm rolls back steps that are `watched`, and they wait until it is quiet.
    """

    smoke: Callable[[str, bool], None]
    traffic: Callable[[str, float], AbstractContextManager[Traffic]]
    tell: Callable[[str], None]
    on_event: "cloudformation.OnEvent"
    pause: Callable[[float], None] = time.sleep
    watched: bool = True


def read_state(target: Target) -> State:
    """Return the state of the service stack, once no operation is in progress on it."""
    name = stacks.full_name(target.env, _stack(target, "service"))
    client = rollout.client_of(target, _stack(target, "service"))
    return State(*cloudformation.parameters(client, name, target.poll))


def release(target: Target, digest: str, context: ReleaseContext) -> None:
    """Release an image to all users, or resume its release; raises `ReleaseFailed` after it was rolled back."""
    state = read_state(target)
    if not state.under_way:
        if state.digest(state.live) == digest:
            context.tell(f"{state.live} serves this image")
        else:
            _refuse_incident(target, context)
            state = _start(target, state, digest, context)
    elif state.digest(state.tried) != digest:
        message = f"a release of {state.digest(state.tried)} is under way: finish it, or take it back with `rollback`"
        raise CannotRelease(message)
    elif state.status == TAKEN_BACK and state.weight(state.tried):
        message = "an alarm took the last step back: take the rest back with `rollback`"
        raise CannotRelease(message)
    if not state.under_way:
        _finish(target, state, context)
        return
    try:
        _shift(target, state, context)
        _finish(target, read_state(target), context)
    except (StackFailed, Unexpected) as error:
        context.tell(f"{error}; taking the release back")
        rollback(target, context)
        message = f"the release was taken back: {error}"
        raise ReleaseFailed(message) from error


def rollback(target: Target, context: ReleaseContext) -> str:
    """Send all requests to the previous colour, and return it; an idle one is started and smoke-tested first."""
    state = read_state(target)
    back = _before(state)
    if not state.tasks(back):
        if state.digest(back) == state.digest(state.live):
            message = "there is no earlier image to go back to"
            raise CannotRelease(message)
        key = _key(BACK)
        context.tell(f"starting {back} with {state.digest(back)}")
        tasks = str(max(target.env.api_tasks, state.tasks(OTHER[back])))
        _change(target, context, {f"{back}Tasks": tasks, "PreviewColour": back, "PreviewKey": key})
        state = read_state(target)
    if state.goes_back:
        context.smoke(state.parameters["PreviewKey"], True)
    context.tell(f"{back} gets all requests")
    _change(target, context, {f"{back}Weight": str(ALL), f"{OTHER[back]}Weight": "0"})
    _finish(target, read_state(target), context, keep_image=False)
    return back


def _before(state: State) -> str:
    """Return the colour to roll back to: the live one during a release, otherwise the idle one."""
    if not state.under_way:
        return OTHER[state.live]
    return state.tried if state.goes_back else OTHER[state.tried]


def _start(target: Target, state: State, digest: str, context: ReleaseContext) -> State:
    """Start the image in the idle colour. Only requests with the preview key reach it."""
    new = OTHER[state.live]
    context.tell(f"{state.live} serves; starting {new} with {digest}")
    values = {
        f"{new}Digest": digest,
        f"{new}Tasks": str(max(target.env.api_tasks, state.tasks(state.live))),
        "PreviewColour": new,
        "PreviewKey": _key(FORTH),
    }
    _change(target, context, values)
    return read_state(target)


def _shift(target: Target, state: State, context: ReleaseContext) -> None:
    """Carry out the remaining steps; each starts after the new colour has passed the smoke tests."""
    new, key = state.tried, state.parameters["PreviewKey"]
    context.smoke(key, state.weight(new) == 0)
    for share, minutes in STEPS:
        if share <= state.weight(new):
            continue
        watched = {"alarm": _quiet_alarm(target, context), "minutes": minutes} if context.watched else {}
        context.tell(f"{new} gets {share} %, {f'watched for {minutes} minutes' if watched else 'unwatched'}")
        weights = {f"{new}Weight": str(share), f"{OTHER[new]}Weight": str(ALL - share)}
        if context.watched:
            _change_under_traffic(target, context, weights, key, minutes, watched)
        else:
            _change(target, context, weights)
        context.smoke(key, False)


def _change_under_traffic(
    target: Target,
    context: ReleaseContext,
    weights: Mapping[str, str],
    key: str,
    minutes: int,
    watched: Mapping[str, Any],
) -> None:
    """Move the weights and send requests of our own while CloudFormation watches, so that there is enough to watch."""
    with context.traffic(key, 60.0 * minutes) as traffic:
        _change(target, context, weights, **watched)
    traffic.judge()
    context.tell(f"  {traffic.sent} synthetic requests, {len(traffic.failures)} answered wrongly")


def _refuse_incident(target: Target, context: ReleaseContext) -> None:
    """Refuse to start while the alarm is ringing: the first step would be rolled back for another reason."""
    alarm = release_alarm.read_alarm(target.env, target.endpoint_url)
    if alarm is not None and alarm.reason and context.watched:
        message = f"the alarm rings before the release: {alarm.reason}; --unwatched is for the image that ends it"
        raise CannotRelease(message)


def _quiet_alarm(target: Target, context: ReleaseContext) -> str:
    """Return the alarm's ARN once it is OK: tasks that are starting may have raised it."""
    reason = ""
    for left in reversed(range(QUIET_TRIES)):
        alarm = release_alarm.read_alarm(target.env, target.endpoint_url)
        if alarm is None:
            message = "there is no alarm to watch: deploy the stack monitoring first"
            raise Unexpected(message)
        reason = alarm.reason
        if not reason:
            return alarm.arn
        context.tell(f"waiting until the alarm is quiet: {reason}")
        if left:
            context.pause(QUIET_BETWEEN)
    message = f"the alarm rings: {reason}"
    raise Unexpected(message)


def _finish(target: Target, state: State, context: ReleaseContext, *, keep_image: bool = True) -> None:
    """Give workers and schedules the live image, scale the other colour to zero, and remove the preview key.

    The other colour keeps its image for a later rollback, unless it is the one that was just rolled back.
    """
    live = state.live
    for name in ("workers", "schedule"):
        context.tell(f"{name} get the image")
        rollout.change_parameters(target, _stack(target, name), {"ImageDigest": state.digest(live)}, context.on_event)
    values = {f"{OTHER[live]}Tasks": "0", "PreviewKey": ""}
    if not keep_image:
        values[f"{OTHER[live]}Digest"] = state.digest(live)
    if _change(target, context, values):
        context.tell(f"{OTHER[live]} rests")


def _change(target: Target, context: ReleaseContext, values: Mapping[str, str], **watched: Any) -> bool:
    return rollout.change_parameters(target, _stack(target, "service"), values, context.on_event, **watched)


def _key(way: str) -> str:
    return way + secrets.token_hex(16)[1:]


def _stack(target: Target, name: str) -> Stack:
    return stacks.select(target.env, [name])[0]
