"""Request and response shapes of the decision table."""

from typing import Annotated, Literal
from uuid import UUID

from pydantic import Field

from iot_ingest.playbooks.lifecycle import FirstStep
from kernel.http import RequestSchema, Schema

Code = Annotated[str, Field(min_length=1, max_length=80)]


Instructions = dict[Literal["en", "de"], Annotated[str, Field(min_length=1, max_length=500)]]


class PlaybookIn(RequestSchema):
    """For assets of `criticality` and above; see the glossary for the steps."""

    fault_class: Code
    criticality: Annotated[int, Field(ge=1, le=5)] = 1
    danger: bool = False
    remote_command: Code | None = None
    retest_minutes: Annotated[int, Field(ge=1, le=1440)] = 15
    first_step: FirstStep = FirstStep.MESSAGE
    offers_remote: bool = False
    offers_ignore: bool = True
    work_type_code: Code | None = None
    loan_work_type_code: Code | None = None
    collect_work_type_code: Code | None = None
    workaround: Instructions | None = None
    floor_minutes: Annotated[int, Field(ge=0, le=43_200)] = 60
    parts_lead_hours: Annotated[int, Field(ge=0, le=8_760)] = 0
    failure_cents: Annotated[int, Field(ge=0, le=10**11)] = 0


class PlaybookOut(Schema):
    id: UUID
    version: int
    fault_class: str
    criticality: int
    danger: bool
    remote_command: str | None
    retest_minutes: int
    first_step: FirstStep
    offers_remote: bool
    offers_ignore: bool
    work_type_code: str | None
    loan_work_type_code: str | None
    collect_work_type_code: str | None
    workaround: dict[str, str] | None
    floor_minutes: int
    parts_lead_hours: int
    failure_cents: int
