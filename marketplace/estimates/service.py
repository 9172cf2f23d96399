"""Whom the planner could leave a visit to, with pay and chances."""

from collections.abc import Collection, Iterator
from dataclasses import replace
from datetime import timedelta
from uuid import UUID

from sqlalchemy.orm import Session

from dispatch.scheduling.problems.ports import CrowdEstimate
from dispatch.technicians.lifecycle import Employment
from kernel.clock import now
from marketplace.crowd import matching
from marketplace.crowd.queries import list_freelancers
from marketplace.estimates import queries
from marketplace.estimates.lifecycle import (
    USUAL_ACCEPT,
    USUAL_SHOW,
    Tally,
    chance_pct,
    summed,
)
from marketplace.waves.service import EMERGENCY, jobs_of

MOST_VISITS = 100
"""Estimated at once, the most urgent first: what waits beyond them is left out by any plan."""


def estimate(session: Session, visit_ids: Collection[UUID]) -> dict[UUID, list[CrowdEstimate]]:
    """By visit, the freelancers who could be asked at the pay of a first wave; partners have
    shifts of their own."""
    at = now(session)
    visits = sorted(queries.list_visits(session, visit_ids), key=lambda v: (-v.priority, v.id))
    visits = visits[:MOST_VISITS]
    jobs = jobs_of(session, visits, at)
    if not jobs:
        return {}
    latest = max(job.latest for job in jobs) + timedelta(days=1)
    known = list_freelancers(session, at, latest)
    people = [one for one in known if one.employment == Employment.FREELANCE]
    chances = Chances(queries.tally_answers(session, at), queries.tally_visits(session, at))
    found = {}
    for visit, job in zip(visits, jobs, strict=True):
        life = matching.lifetime(at, job.latest, is_emergency=visit.priority >= EMERGENCY)
        # nobody has to leave before all of a wave have had their time to answer
        able = list(_able(replace(job, ready_at=max(job.ready_at, at + life)), people))
        if able:
            found[visit.id] = [chances.of(one, life / matching.WAVE_SIZE) for one in able]
    return found


def _able(job: matching.Job, people: list[matching.Freelancer]) -> Iterator[matching.Candidate]:
    for person in people:
        verdict = matching.judge(job, person)
        if isinstance(verdict, matching.Candidate):
            yield verdict


class Chances:
    """Who says yes and comes, as far as the records tell."""

    def __init__(self, answers: dict[UUID, Tally], visits: dict[UUID, Tally]) -> None:
        self._answers, self._visits = answers, visits
        self._all_answers, self._all_visits = summed(answers.values()), summed(visits.values())

    def of(self, candidate: matching.Candidate, answer: timedelta) -> CrowdEstimate:
        """A wave asks several at once, so that each takes a part of the time it stands."""
        key = candidate.technician_id
        answered, visited = self._answers.get(key, Tally()), self._visits.get(key, Tally())
        return CrowdEstimate(
            technician_id=key,
            starts_at=candidate.starts_at,
            leaves_at=candidate.leaves_at,
            pay_cents=candidate.pay_cents,
            accept_pct=chance_pct(answered, self._all_answers, USUAL_ACCEPT),
            show_pct=chance_pct(visited, self._all_visits, USUAL_SHOW),
            answer=answer,
        )
