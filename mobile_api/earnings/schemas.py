"""Shapes of earnings on the phone."""

from typing import Annotated

from pydantic import Field

from kernel.http import RequestSchema, Schema
from kernel.shapes import Name, Reason
from marketplace.disputes.schemas import DisputeShown
from marketplace.pay_changes.schemas import PayChangeShown
from marketplace.payouts.schemas import PayoutShown


class PurseShown(Schema):
    """Where one's money of one currency is, in cents.

    earned: waits to be approved; disputed: waits for a decision; payable: comes with the next
    payout; in_transit: on its way to the bank; paid: has arrived, all told.
    """

    currency: str
    earned: int
    disputed: int
    payable: int
    in_transit: int
    paid: int


class Earnings(Schema):
    purses: list[PurseShown]
    payouts: list[PayoutShown]
    pay_changes: list[PayChangeShown]
    disputes: list[DisputeShown]


class Doubt(RequestSchema):
    reason: Reason


class Receipt(RequestSchema):
    """`content` is the file in base64: a PDF, JPEG or PNG of up to 5 MB."""

    name: Name
    content: Annotated[str, Field(min_length=4, max_length=7_000_000)]
