"""Request and response shapes of recipes and trainings."""

from datetime import datetime
from typing import Annotated, Any
from uuid import UUID

from pydantic import Field

from iot_ingest.predictions.lifecycle import ModelKind
from iot_ingest.trainings.lifecycle import Promotion, TrainingStatus, TrainingStep
from kernel.http import RequestSchema, Schema

Word = Annotated[str, Field(min_length=1, max_length=80)]


class RecipeIn(RequestSchema):
    """Readings of `metrics` are averaged over a cycle; errors where the kind is failures. A life
    ends with a repair of `fault_class` (none: of any fault)."""

    name: Word
    kind: ModelKind
    asset_models: Annotated[list[Word], Field(min_length=1, max_length=100)]
    metrics: Annotated[list[Word], Field(max_length=40)] = []
    cycle_minutes: Annotated[int, Field(ge=1, le=10_080)] = 60
    fault_class: Word | None = None
    every_days: Annotated[int, Field(ge=1, le=366)] = 7
    fewest_new: Annotated[int, Field(ge=0, le=100_000)] = 5
    promotion: Promotion = Promotion.BY_PERSON
    active: bool = True


class RecipeOut(Schema):
    id: UUID
    version: int
    name: str
    kind: ModelKind
    asset_models: list[str]
    metrics: list[str]
    cycle_minutes: int
    fault_class: str | None
    every_days: int
    fewest_new: int
    promotion: Promotion
    active: bool


class TrainingOut(Schema):
    """`labels` are the lives or failures learned from; `reason` has a code, the figures that speak
    against the candidate, and words in English and German."""

    id: UUID
    version: int
    recipe_id: UUID
    status: TrainingStatus
    step: TrainingStep | None
    progress: float
    labels: int | None
    model_id: UUID | None
    reason: dict[str, Any] | None
    requested_by: str
    created_at: datetime
    finished_at: datetime | None
