"""Shapes of the rules of trust."""

from datetime import datetime
from typing import Annotated
from uuid import UUID

from pydantic import Field

from kernel.http import RequestSchema, Schema

Points = Annotated[int, Field(ge=0, le=100)]
Weight = Annotated[int, Field(ge=1, le=100)]
Days = Annotated[int, Field(ge=1, le=365)]
Hours = Annotated[int, Field(ge=1, le=720)]


class TrustTermsIn(RequestSchema):
    """What each means: see `in_words` of the rules in force."""

    base_points: Points = 80
    base_weight: Weight = 5
    half_life_days: Days = 90
    late_minutes: Annotated[int, Field(ge=0, le=240)] = 15
    late_points: Points = 40
    notice_hours: Annotated[int, Field(ge=0, le=720)] = 24
    early_back_out_points: Points = 70
    late_back_out_points: Points = 10
    no_show_weight: Weight = 3
    stars_weight: Weight = 10
    answer_days: Annotated[int, Field(ge=1, le=60)] = 5
    window_days: Days = 28
    most_ahead: Annotated[float, Field(gt=0, le=1000, allow_inf_nan=False)] = 1.5
    most_ahead_pct: Annotated[float, Field(ge=0, le=1000, allow_inf_nan=False)] = 20.0
    reply_hours: Hours = 24
    approve_hours: Hours = 48
    refused_pct: Points = 2
    cancelled_pct: Points = 5


class TrustRuleShown(Schema):
    """`rule` is its name in the catalogues of the apps, `figures` what the sentence names."""

    rule: str
    figures: dict[str, float]
    sentence: str


class TrustTermsShown(Schema):
    id: UUID
    created_at: datetime
    base_points: int
    base_weight: int
    half_life_days: int
    late_minutes: int
    late_points: int
    notice_hours: int
    early_back_out_points: int
    late_back_out_points: int
    no_show_weight: int
    stars_weight: int
    answer_days: int
    window_days: int
    most_ahead: float
    most_ahead_pct: float
    reply_hours: int
    approve_hours: int
    refused_pct: int
    cancelled_pct: int


class TrustTermsTold(TrustTermsShown):
    in_words: list[TrustRuleShown]
