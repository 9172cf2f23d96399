"""Flapping: a rule that fires and clears all the time is one episode, not many; plain Python.

The last 21 states count, the recent ones more (as Nagios does it); between the two limits a rule
stays what it was.
"""

from msgspec.structs import replace

from iot_ingest.rules.detector import Signal, Watch

STATES = 21
STARTS_AT, ENDS_AT = 0.25, 0.10
OLDEST_WEIGHT, NEWEST_WEIGHT = 0.8, 1.2
QUIET, FIRING = "0", "1"


def share_of_changes(states: str) -> float:
    """From 0 to 1: how many of the 20 steps between 21 states were changes, weighted."""
    steps = STATES - 1
    first = STATES - len(states)
    rise = (NEWEST_WEIGHT - OLDEST_WEIGHT) / (steps - 1)
    changed = (
        OLDEST_WEIGHT + rise * (first + index)
        for index in range(len(states) - 1)
        if states[index] != states[index + 1]
    )
    return sum(changed) / steps


def steady(before: Watch, after: Watch) -> tuple[Watch, Signal | None]:
    """What is told of a step: while it flaps, a rule goes on firing once it has."""
    if not (before.states or before.is_told or after.firing):
        return after, None
    states = (before.states + (FIRING if after.firing else QUIET))[-STATES:]
    if FIRING not in states:
        states = ""
    share = share_of_changes(states)
    flapping = share > ENDS_AT if before.is_flapping else share >= STARTS_AT
    told = after.firing or (flapping and before.is_told)
    signal = None
    if told != before.is_told:
        signal = Signal.FIRED if told else Signal.CLEARED
    return replace(after, states=states, is_flapping=flapping, is_told=told), signal
