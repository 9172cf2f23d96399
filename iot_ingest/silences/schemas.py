"""Request and response shapes of silences and inhibitions."""

from datetime import datetime
from typing import Annotated
from uuid import UUID

from pydantic import AwareDatetime, Field

from iot_ingest.silences.lifecycle import Reach, SilenceKind
from kernel.http import RequestSchema, Schema

Code = Annotated[str, Field(min_length=1, max_length=200)]


class SilenceIn(RequestSchema):
    """An alert is silent when it matches everything that is named."""

    kind: SilenceKind = SilenceKind.SILENCE
    rule_id: UUID | None = None
    fault_class: Code | None = None
    asset_id: UUID | None = None
    site_id: UUID | None = None
    territory_id: UUID | None = None
    model: Code | None = None
    starts_at: AwareDatetime
    ends_at: AwareDatetime
    reason: Annotated[str, Field(min_length=1, max_length=2000)]


class SilenceOut(Schema):
    id: UUID
    version: int
    kind: SilenceKind
    rule_id: UUID | None
    fault_class: str | None
    asset_id: UUID | None
    site_id: UUID | None
    territory_id: UUID | None
    model: str | None
    starts_at: datetime
    ends_at: datetime
    reason: str


class InhibitionIn(RequestSchema):
    source_fault_class: Code
    target_fault_class: Code
    reach: Reach


class InhibitionOut(Schema):
    id: UUID
    version: int
    source_fault_class: str
    target_fault_class: str
    reach: Reach
