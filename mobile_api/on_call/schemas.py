"""What a phone shows and sends about duty."""

from datetime import datetime
from uuid import UUID

from dispatch.on_call.schemas import CallOutOut, DutyOut, RotaChangeOut
from kernel.http import RequestSchema, Schema
from kernel.shapes import Line, Moment


class RestOut(Schema):
    """Rest that is due after a call-out: nothing is planned in it."""

    starts_at: datetime
    ends_at: datetime


class OnCallMe(Schema):
    """One's own duties of the next four weeks, what one is asked to do, swaps one is asked, and
    the rest that call-outs left due."""

    duties: list[DutyOut]
    call_outs: list[CallOutOut]
    swaps: list[RotaChangeOut]
    rests: list[RestOut]


class SwapWanted(RequestSchema):
    rota_id: UUID
    technician_id: UUID
    starts_at: Moment
    ends_at: Moment
    reason: Line = ""


class SwapAnswer(RequestSchema):
    change_id: UUID
    accepted: bool


class CallOutAnswer(RequestSchema):
    call_out_id: UUID
    accepted: bool
