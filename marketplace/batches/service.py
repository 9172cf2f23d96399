"""Collects visits that nobody can serve, and in a surge matches them with people together."""

from datetime import timedelta
from uuid import UUID

from sqlalchemy.orm import Session

from dispatch.work_orders.models import Visit
from kernel.clock import now
from kernel.db import get, locked
from marketplace.batches import queries
from marketplace.batches.models import MatchRequest
from marketplace.offers.models import Offer
from marketplace.waves import service as waves
from marketplace.waves.allotting import allot
from marketplace.waves.building import RULES
from marketplace.waves.questions import is_emergency, is_hurried

WINDOW = timedelta(minutes=3)
"""So long the first of a surge waits for others: a tenth of the time that most answers take."""
SURGE = 5
"""From so many visits within the window on they are collected; fewer are asked about at once."""
MOST_VISITS = 60
AT_ONCE = 3


def request(session: Session, visit_id: UUID) -> list[Offer]:
    """Ask for a visit at once, unless it is one of a surge: then with the others of it. An
    emergency does not wait for them, nor does anything where the fastest comes first."""
    if queries.is_waiting(session, visit_id):
        return []
    at = now(session)
    is_alone = queries.count_since(session, at - WINDOW) + 1 < SURGE
    visit = get(session, Visit, visit_id)
    at_once = is_alone or is_emergency(visit) or is_hurried(session, visit)
    session.add(
        MatchRequest(visit_id=visit_id, requested_at=at, matched_at=at if at_once else None)
    )
    session.flush()
    return waves.offer_unserved(session, visit_id) if at_once else []


def match_waiting(session: Session) -> list[Offer]:
    """Once the first has waited for the window, ask for all of them: each person for at most one
    visit, such that all the asking together is worth most. A visit that nobody is left for goes
    back to the office."""
    at, first = now(session), queries.oldest_waiting(session)
    if first is None or first > at - WINDOW:
        return []
    requests = queries.lock_waiting(session, MOST_VISITS)
    visit_ids = sorted({one.visit_id for one in requests})
    locked(session, Visit, visit_ids)
    worths = {key: found for key in visit_ids if (found := waves.worths(session, key))}
    asked = allot(worths, at_once=AT_ONCE, attention_cents=RULES.attention_cents)
    for one in requests:
        one.matched_at = at
    session.flush()
    return [
        offer
        for key in visit_ids
        for offer in waves.offer_unserved(session, key, among=asked.get(key, ()))
    ]
