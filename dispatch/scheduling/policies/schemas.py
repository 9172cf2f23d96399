"""Shapes of policies."""

from datetime import datetime
from typing import Annotated, Any
from uuid import UUID

from pydantic import Field

from dispatch.scheduling.policies.lifecycle import CrowdOrder, DispatchMode, PolicyStatus
from dispatch.scheduling.policies.rules import MOST_CENTS, MOST_PCT, MOST_SHARE_DAYS
from kernel.http import RequestSchema, Schema
from kernel.shapes import Line, Name

Cents = Annotated[int, Field(ge=0, le=MOST_CENTS)]
ByPriority = Annotated[list[Cents], Field(min_length=5, max_length=5)]
Minutes = Annotated[int, Field(ge=0, le=7 * 24 * 60)]
Percent = Annotated[int, Field(ge=0, le=MOST_PCT)]
Share = Annotated[int, Field(ge=0, le=100)]
MAY_BE_NULL = ("overtime_minutes", "crowd_minutes", "crowd_share_pct", "confirm_minutes")


class RulesIn(RequestSchema):
    """What is left out takes the usual value. Cents are prices, listed for priority 1 to 5 where
    they depend on it; `weights` are percent of a term's money.

    `improve_seconds` (0 for never) and `improve_cents`: how long the plan is improved in the
    background at a time, and what that must save before anything is changed.
    `crowd_minutes`: freelancers are asked rather than being late ourselves, until so long before
    work is due; null for never. `overtime_minutes`: null leaves it to each shift.
    `crowd`: when freelancers are asked beside our own people. `crowd_share_pct` (null: any) is the
    most that freelancers get of the territory's visits of `crowd_share_days` local days, and
    `crowd_share_pct_by_work_type` the most of one work type's, by its code.
    `confirm_minutes`: where our own people have no time, a customer may choose a date that is
    confirmed within so long (null: never), `confirm_notice_minutes` before it at the latest, where
    a freelancer is `confirm_pct` percent likely to come.
    """

    mode: DispatchMode | None = None
    lead_minutes: Minutes | None = None
    lock_technician: bool | None = None
    lock_day: bool | None = None
    lock_time: bool | None = None
    overtime_minutes: Minutes | None = None
    crowd_minutes: Minutes | None = None
    crowd: CrowdOrder | None = None
    crowd_share_pct: Share | None = None
    crowd_share_pct_by_work_type: Annotated[dict[Name, Share], Field(max_length=200)] | None = None
    crowd_share_days: Annotated[int, Field(ge=1, le=MOST_SHARE_DAYS)] | None = None
    confirm_minutes: Minutes | None = None
    confirm_notice_minutes: Minutes | None = None
    confirm_pct: Annotated[int, Field(ge=0, le=100)] | None = None
    unserved_cents: ByPriority | None = None
    promised_pct: Percent | None = None
    breach_cents: ByPriority | None = None
    late_cents_per_minute: ByPriority | None = None
    breach_again_minutes: Annotated[list[Minutes], Field(max_length=10)] | None = None
    over_qualification_cents: Cents | None = None
    fairness_cents_per_hour: Cents | None = None
    unpleasant_cents: Cents | None = None
    co2_cents_per_tonne: Cents | None = None
    co2_grams_per_kilometre: Cents | None = None
    risk_cents_per_minute: Cents | None = None
    preference_cents: Cents | None = None
    move_cents: Cents | None = None
    told_move_cents: Cents | None = None
    start_cents: Cents | None = None
    repair_budget: Annotated[int, Field(ge=0, le=1_000)] | None = None
    improve_seconds: Annotated[int, Field(ge=0, le=60)] | None = None
    improve_cents: Cents | None = None
    weights: dict[str, Percent] | None = None

    def given(self) -> dict[str, Any]:
        """What was set; a price list as the rules want it."""
        values = {
            name: value
            for name, value in self.model_dump(exclude_unset=True).items()
            if value is not None or name in MAY_BE_NULL
        }
        return {
            name: tuple(value) if isinstance(value, list) else value
            for name, value in values.items()
        }


class PolicyIn(RequestSchema):
    """The next version of that name. Without a territory: for all that have none of their own."""

    name: Name
    territory_id: UUID | None = None
    note: Line = ""
    rules: RulesIn = RulesIn()


class RulesOut(Schema):
    mode: DispatchMode
    lead_minutes: int
    lock_technician: bool
    lock_day: bool
    lock_time: bool
    overtime_minutes: int | None
    crowd_minutes: int | None
    crowd: CrowdOrder
    crowd_share_pct: int | None
    crowd_share_pct_by_work_type: dict[str, int]
    crowd_share_days: int
    confirm_minutes: int | None
    confirm_notice_minutes: int
    confirm_pct: int
    unserved_cents: list[int]
    promised_pct: int
    breach_cents: list[int]
    late_cents_per_minute: list[int]
    breach_again_minutes: list[int]
    over_qualification_cents: int
    fairness_cents_per_hour: int
    unpleasant_cents: int
    co2_cents_per_tonne: int
    co2_grams_per_kilometre: int
    risk_cents_per_minute: int
    preference_cents: int
    move_cents: int
    told_move_cents: int
    start_cents: int
    repair_budget: int
    improve_seconds: int
    improve_cents: int
    weights: dict[str, int]


class PolicyOut(Schema):
    """`number` counts the versions of a name; `version` is the row's own, as everywhere."""

    id: UUID
    version: int
    name: str
    number: int
    territory_id: UUID | None
    status: PolicyStatus
    note: str
    made_by: str
    created_at: datetime
    updated_at: datetime
    rules: RulesOut


class RuleDifference(Schema):
    """A rule that differs; a weight stands under `weights.` and its term, a share of a work type
    under `crowd_share_pct_by_work_type.` and its code."""

    rule: str
    before: Any
    after: Any
