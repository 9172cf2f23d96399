"""Takes facts from what verifiably happened, and keeps scores and their reasons.

Lock order: the technicians, then facts.
"""

from datetime import timedelta
from uuid import UUID

from sqlalchemy.orm import Session

from dispatch.technicians.models import Technician
from kernel.clock import now
from kernel.db import locked
from kernel.events import publish
from marketplace.events import ScoreChanged
from marketplace.payouts.models import Payout
from marketplace.scores import queries
from marketplace.scores.lifecycle import ASPECT, Aspect, ChangeCause, Dropped, FactKind
from marketplace.scores.models import ScoreChange, ScoreFact
from marketplace.scores.queries import Finding
from marketplace.scores.scoring import Rules, score
from marketplace.scores.words import sentence, whole_hours
from marketplace.trust_terms.models import TrustTerms
from marketplace.trust_terms.queries import terms_in_force


def observe(session: Session, visit_id: UUID) -> None:
    """Bring the facts about a visit to what its records say now; repeating changes nothing."""
    people = {row.technician_id for row in queries.list_of_crowd(session, visit_id)}
    if not people:
        return
    locked(session, Technician, people)
    findings = queries.list_findings(session, visit_id, terms_in_force(session))
    known = {
        (fact.assignment_id, fact.aspect): fact
        for fact in queries.list_facts_of_visit(session, visit_id)
    }
    for finding in findings:
        fact = known.pop((finding.assignment.id, ASPECT[finding.kind]), None)
        if fact is None:
            _add(session, finding)
        elif fact.dropped is not Dropped.GRANTED:
            _renew(session, fact, finding)
    for fact in known.values():
        if fact.dropped is None and not queries.is_in_doubt(session, fact):
            fact.dropped = Dropped.UNDONE
            _recount(session, fact, ChangeCause.UNDONE)


def observe_payout(session: Session, payout_id: UUID) -> None:
    """The same for the visit that a payout is for."""
    payout = session.get(Payout, payout_id)
    if payout is not None and payout.visit_id is not None:
        observe(session, payout.visit_id)


def note_stand_by_given_back(
    session: Session, technician_id: UUID, stand_by_id: UUID, notice: timedelta
) -> None:
    """Counts as a job that is given back so long before it begins. The technician is locked."""
    fact = ScoreFact(
        technician_id=technician_id,
        stand_by_id=stand_by_id,
        aspect=Aspect.ATTENDANCE,
        kind=queries.back_out_kind(notice, terms_in_force(session)),
        value=whole_hours(notice),
        happened_at=now(session),
    )
    session.add(fact)
    _recount(session, fact, ChangeCause.ADDED)


def drop(session: Session, fact_id: UUID) -> ScoreFact:
    """Somebody looked again and agreed with the freelancer: the fact does not count any more."""
    fact = _locked_fact(session, fact_id)
    if fact.dropped is not Dropped.GRANTED:
        fact.dropped = Dropped.GRANTED
        _recount(session, fact, ChangeCause.GRANTED)
    return fact


def keep(session: Session, fact_id: UUID) -> ScoreFact:
    """Somebody looked again and found it right: that is told too."""
    fact = _locked_fact(session, fact_id)
    _recount(session, fact, ChangeCause.REFUSED)
    return fact


def points_of(session: Session, technician_id: UUID) -> int:
    """The present score; a newcomer's where nothing has happened yet."""
    known = queries.points_of(session, [technician_id])
    return known.get(technician_id, terms_in_force(session).base_points)


def rules_of(terms: TrustTerms) -> Rules:
    return Rules(**{name: getattr(terms, name) for name in Rules.__dataclass_fields__})


def _locked_fact(session: Session, fact_id: UUID) -> ScoreFact:
    [fact] = locked(session, ScoreFact, [fact_id])
    return fact


def _add(session: Session, finding: Finding) -> None:
    fact = ScoreFact(
        technician_id=finding.assignment.technician_id,
        visit_id=finding.assignment.visit_id,
        assignment_id=finding.assignment.id,
        aspect=ASPECT[finding.kind],
        kind=finding.kind,
        value=finding.value,
        happened_at=finding.happened_at,
    )
    session.add(fact)
    _recount(session, fact, ChangeCause.ADDED)


def _renew(session: Session, fact: ScoreFact, finding: Finding) -> None:
    if (fact.kind, fact.value, fact.dropped) == (finding.kind, finding.value, None):
        return
    if fact.dropped is not None or finding.kind is not FactKind.APPROVED:
        fact.happened_at = finding.happened_at
    fact.kind, fact.value, fact.dropped = finding.kind, finding.value, None
    _recount(session, fact, ChangeCause.CORRECTED)


def _recount(session: Session, fact: ScoreFact, cause: ChangeCause) -> None:
    """Work the score out anew from all that counts, and note the change with its reason."""
    session.flush()
    key = fact.technician_id
    before = points_of(session, key)
    rules = rules_of(terms_in_force(session))
    after = score(queries.list_counting(session, key), rules, queries.usual_stars(session))
    session.add(
        ScoreChange(
            technician_id=key,
            fact_id=fact.id,
            changed_at=now(session),
            cause=cause,
            kind=fact.kind,
            value=fact.value,
            before=before,
            after=after,
            sentence=sentence(fact.kind, fact.value, cause, before, after),
        )
    )
    session.flush()
    publish(session, ScoreChanged(technician_id=key, points=after))
