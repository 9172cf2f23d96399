"""The table of an offer's moves."""

import pytest

from kernel.errors import Conflict
from marketplace.offers.lifecycle import ANSWERABLE, OFFER, OPEN, OfferStatus

S = OfferStatus
ENDS = (S.ACCEPTED, S.DECLINED, S.EXPIRED, S.WITHDRAWN, S.FILLED)


class TestOffer:
    @pytest.mark.parametrize("end", ENDS)
    @pytest.mark.parametrize("start", sorted(OPEN))
    def test_an_open_offer_can_end_in_every_way(self, start: S, end: S) -> None:
        assert OFFER.allows(start, end)

    @pytest.mark.parametrize("end", ENDS)
    @pytest.mark.parametrize("to", list(S))
    def test_an_ended_offer_never_moves_again(self, end: S, to: S) -> None:
        with pytest.raises(Conflict) as refusal:
            OFFER.check(end, to)
        assert refusal.value.code == "illegal_move"

    def test_a_countered_offer_waits_for_the_office(self) -> None:
        assert S.COUNTERED in OPEN
        assert S.COUNTERED not in ANSWERABLE
