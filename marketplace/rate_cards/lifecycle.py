"""How a rate card comes into force."""

from enum import StrEnum

from kernel.lifecycle import Lifecycle


class RateCardStatus(StrEnum):
    PROPOSED = "proposed"
    IN_FORCE = "in_force"
    REFUSED = "refused"
    REPLACED = "replaced"


_S = RateCardStatus
RATE_CARD = Lifecycle(
    "rate_card",
    initial={_S.PROPOSED},
    moves={_S.PROPOSED: {_S.IN_FORCE, _S.REFUSED, _S.REPLACED}, _S.IN_FORCE: {_S.REPLACED}},
)
