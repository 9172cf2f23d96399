"""What a policy asks for on each shift beside pay: specialists kept free, fair shares, CO2."""

from dataclasses import replace

from dispatch.scheduling.policies.rules import Rules
from dispatch.scheduling.problems.shares import Share
from optimizer.shift import Shift

KILOMETRES_PER_HOUR = 35
"""About what a van makes in and around towns, stops at lights included."""


def priced(shift: Shift, rules: Rules, share: Share) -> Shift:
    """The shift with the prices of its policy; fairness by how far the technician lies ahead."""
    return replace(
        shift,
        over_qualification_cents=rules.over_qualification_cents,
        fairness_cents_per_hour=rules.fairness_cents_per_hour * share.work_pct // 100,
        fairness_cents_per_unpleasant=rules.unpleasant_cents * share.unpleasant_pct // 100,
        co2_grams_per_hour=rules.co2_grams_per_kilometre * KILOMETRES_PER_HOUR,
        co2_cents_per_tonne=rules.co2_cents_per_tonne,
    )
