"""Every write on remedies: propose one for each customer of an incident, approve, decline."""

from collections.abc import Collection, Mapping
from uuid import UUID

from sqlalchemy.orm import Session

from iot_ingest.incidents.models import Incident
from iot_ingest.remedies import queries
from iot_ingest.remedies.asking import ask_for_decisions
from iot_ingest.remedies.carrying import carry_out
from iot_ingest.remedies.lifecycle import (
    REMEDY,
    RemedyKind,
    RemedyStatus,
    answer_to,
)
from iot_ingest.remedies.models import Remedy, RemedyTerms
from kernel.db import because, locked, present_actor
from kernel.errors import Conflict, Forbidden
from kernel.settings import settings


def propose(session: Session, incident_id: UUID, roles: Collection[str]) -> list[Remedy]:
    """A remedy for every open alert of the incident that has none: what its customer's
    circumstances ask for. Those within the limit of the roles are granted and carried out at
    once; who may decide the others is written to. Twice is once.
    """
    (incident,) = locked(session, Incident, [incident_id])
    in_force = queries.terms_in_force(session)
    waiting: list[Remedy] = []
    for alert in queries.alerts_without_remedy(session, incident_id):
        told = answer_to(queries.circumstances_of(session, alert))
        terms = in_force[told.kind]
        is_granted = terms.cost_cents <= terms.limit_of(roles)
        remedy = Remedy(
            alert_id=alert.id,
            incident_id=incident_id,
            customer_id=alert.customer_id,
            kind=told.kind,
            status=RemedyStatus.GRANTED if is_granted else RemedyStatus.PROPOSED,
            cost_cents=terms.cost_cents,
            currency=settings().currency,
            reason=told.reason,
            words=told.words,
            proposed_by=present_actor(session),
        )
        session.add(remedy)
        if remedy.status is RemedyStatus.GRANTED:
            session.flush()
            carry_out(session, remedy)
        else:
            waiting.append(remedy)
    session.flush()
    ask_for_decisions(session, incident, waiting)
    return list(queries.list_remedies(session, incident_id))


def decide(
    session: Session,
    remedy_id: UUID,
    roles: Collection[str],
    *,
    declined_because: str | None = None,
) -> Remedy:
    """A second person whose limit reaches grants a dear remedy, or declines it for a reason; the
    same word twice is once. Raises Forbidden `same_person` or `above_limit`, Conflict
    `illegal_move`.
    """
    (remedy,) = locked(session, Remedy, [remedy_id])
    to = RemedyStatus.GRANTED if declined_because is None else RemedyStatus.DECLINED
    if remedy.status is to:
        return remedy
    who = present_actor(session)
    if who == remedy.proposed_by:
        raise Forbidden("Somebody else must decide about it.", code="same_person")
    limit = queries.terms_in_force(session)[remedy.kind].limit_of(roles)
    if remedy.cost_cents > limit:
        raise Forbidden("This is above your limit.", code="above_limit", limit_cents=max(limit, 0))
    REMEDY.check(remedy.status, to)
    because(session, declined_because)
    remedy.status, remedy.decided_by, remedy.declined_because = to, who, declined_because
    if to is RemedyStatus.GRANTED:
        carry_out(session, remedy)
    session.flush()
    return remedy


def set_terms(
    session: Session, kind: RemedyKind, cost_cents: int, limits: Mapping[str, int]
) -> RemedyTerms:
    """What a kind costs from now on, and who grants it alone; the same terms twice are one row."""
    present = queries.terms_in_force(session)[kind]
    terms = RemedyTerms(kind=kind, cost_cents=cost_cents, limits=dict(limits))
    if (present.cost_cents, dict(present.limits)) != (cost_cents, dict(limits)):
        session.add(terms)
        session.flush()
    return terms


def carry_out_again(session: Session, remedy_id: UUID) -> Remedy:
    """What stood in the way of a granted remedy is mended. Twice is once. Raises Conflict
    `remedy_not_granted`."""
    (remedy,) = locked(session, Remedy, [remedy_id])
    if remedy.status is not RemedyStatus.GRANTED:
        raise Conflict("It is not granted.", code="remedy_not_granted")
    carry_out(session, remedy)
    return remedy
