"""Shapes of an explanation: codes for screens, ids, amounts, and an English sentence each."""

from collections.abc import Mapping
from datetime import datetime
from typing import Annotated, Literal, Self
from uuid import UUID

from pydantic import Field

from dispatch.scheduling.explanations.told import Told
from dispatch.scheduling.explanations.ways import Way
from kernel.http import RequestSchema, Schema
from kernel.shapes import Line
from optimizer.explaining.facts import Candidate, Comparison, Moved, Obstacle, Relaxation
from optimizer.plan import Reason
from optimizer.violation import Violation


class WayIn(RequestSchema):
    """A part of the explanation: the people in it, for a relaxation also its code and name."""

    way: Way
    technician_ids: Annotated[list[UUID], Field(min_length=1, max_length=20)]
    code: Line | None = None
    name: Line | None = None


class PersonOut(Schema):
    technician_id: UUID
    name: str


class BrokenOut(Schema):
    """A hard rule that would be broken; `amount` is in seconds, levels or jobs, as it says."""

    code: str
    sentence: str
    amount: int
    technician_id: UUID | None
    visit_id: UUID | None

    @classmethod
    def of(cls, told: Told, found: Violation) -> Self:
        visit = told.visits.get(found.job_id or "")
        return cls(
            code=found.code,
            sentence=told.named(found.sentence),
            amount=found.amount,
            technician_id=told.technician_of.get(found.shift_id or ""),
            visit_id=None if visit is None else visit[0],
        )


class MovedOut(Schema):
    """Another visit that would start at another time, or go to somebody else."""

    visit_id: UUID
    number: str
    from_technician: PersonOut
    to_technician: PersonOut
    before: datetime
    after: datetime

    @classmethod
    def of(cls, told: Told, found: Moved) -> Self:
        visit_id, number = told.visits[found.job_id]
        return cls(
            visit_id=visit_id,
            number=number,
            from_technician=_person(told, found.from_shift_id),
            to_technician=_person(told, found.to_shift_id),
            before=told.time(found.before),
            after=told.time(found.after),
        )


class CandidateOut(Schema):
    """`cents` and `terms` are the difference to the schedule as it stands."""

    code: str
    sentence: str
    technicians: list[PersonOut]
    starts_at: datetime
    ends_at: datetime
    cents: int
    terms: Mapping[str, int]
    violations: list[BrokenOut]
    moved: list[MovedOut]

    @classmethod
    def of(cls, told: Told, found: Candidate) -> Self:
        return cls(
            code=found.code,
            sentence=told.named(found.sentence),
            technicians=[_person(told, key) for key in found.shift_ids],
            starts_at=told.time(found.start),
            ends_at=told.time(found.end),
            cents=found.cents,
            terms=found.terms,
            violations=[BrokenOut.of(told, one) for one in found.violations],
            moved=[MovedOut.of(told, one) for one in found.moved],
        )


class ComparisonOut(Schema):
    """`cents` and `terms` are what the first costs more than the second."""

    sentence: str
    first: CandidateOut
    second: CandidateOut
    cents: int
    terms: Mapping[str, int]

    @classmethod
    def of(cls, told: Told, found: Comparison) -> Self:
        return cls(
            sentence=told.named(found.sentence),
            first=CandidateOut.of(told, found.first),
            second=CandidateOut.of(told, found.second),
            cents=found.cents,
            terms=found.terms,
        )


class ObstacleOut(Schema):
    """What allows no start before `until`."""

    code: str
    sentence: str
    until: datetime
    is_binding: bool
    visit_id: UUID | None
    number: str | None
    seconds: int

    @classmethod
    def of(cls, told: Told, found: Obstacle) -> Self:
        visit = told.visits.get(found.job_id or "")
        return cls(
            code=found.code,
            sentence=told.named(found.sentence),
            until=told.time(found.until),
            is_binding=found.is_binding,
            visit_id=None if visit is None else visit[0],
            number=None if visit is None else visit[1],
            seconds=found.seconds,
        )


class LeftReasonOut(Schema):
    """One reason and everybody it holds for."""

    code: str
    technicians: list[PersonOut]

    @classmethod
    def of(cls, told: Told, found: Reason) -> Self:
        people = [
            PersonOut(technician_id=UUID(key), name=told.names[key]) for key in found.technician_ids
        ]
        return cls(code=found.code, technicians=people)


class RelaxationOut(Schema):
    """`amount` is in seconds (start, overtime) or levels, `name` the skill or credential."""

    code: str
    sentence: str
    amount: int
    name: str | None
    technicians: list[PersonOut]
    starts_at: datetime
    cost_cents: int
    terms: Mapping[str, int]
    moved: list[MovedOut]

    @classmethod
    def of(cls, told: Told, found: Relaxation) -> Self:
        return cls(
            code=found.code,
            sentence=told.named(found.sentence),
            amount=found.amount,
            name=found.name,
            technicians=[_person(told, key) for key in found.shift_ids],
            starts_at=told.time(found.start),
            cost_cents=found.cost_cents,
            terms=found.terms,
            moved=[MovedOut.of(told, one) for one in found.moved],
        )


class ExplanationOut(Schema):
    """Candidates are ranked; who is forbidden comes last. `not_planned` has none."""

    visit_id: UUID
    state: Literal["assigned", "unassigned", "not_planned"]
    currency: str
    left_out_cents: int
    candidates: list[CandidateOut]
    comparison: ComparisonOut | None
    obstacles: list[ObstacleOut]
    earlier: CandidateOut | None
    reasons: list[LeftReasonOut]
    relaxations: list[RelaxationOut]

    @classmethod
    def of(cls, told: Told) -> Self:
        found, pair = told.explanation, told.comparison
        if found is None:
            return cls(
                visit_id=told.visit_id,
                state="not_planned",
                currency=told.currency,
                left_out_cents=0,
                candidates=[],
                comparison=None,
                obstacles=[],
                earlier=None,
                reasons=[],
                relaxations=[],
            )
        return cls(
            visit_id=told.visit_id,
            state="assigned" if found.is_assigned else "unassigned",
            currency=told.currency,
            left_out_cents=found.left_out_cents,
            candidates=[CandidateOut.of(told, one) for one in found.candidates],
            comparison=None if pair is None else ComparisonOut.of(told, pair),
            obstacles=[ObstacleOut.of(told, one) for one in found.obstacles],
            earlier=None if found.earlier is None else CandidateOut.of(told, found.earlier),
            reasons=[LeftReasonOut.of(told, one) for one in found.reasons],
            relaxations=[RelaxationOut.of(told, one) for one in found.relaxations],
        )


def _person(told: Told, shift_id: str) -> PersonOut:
    return PersonOut(technician_id=told.technician_of[shift_id], name=told.names[shift_id])
