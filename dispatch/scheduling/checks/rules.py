"""The rules a dispatcher is told about, one function each; plain Python."""

from collections.abc import Callable, Collection, Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from uuid import UUID
from zoneinfo import ZoneInfo

from dispatch.scheduling.bookings.models import Booking
from dispatch.scheduling.pins.models import Pin, PinKind
from dispatch.scheduling.trips.routes import Leg, Stop
from dispatch.technicians.models import Shift
from dispatch.technicians.queries import TechnicianForPlanning
from dispatch.work_orders.models import Visit


class ViolationCode(StrEnum):
    SKILL_MISSING = "skill_missing"
    SKILL_LEVEL = "skill_level"
    CREDENTIAL_MISSING = "credential_missing"
    NOT_CLEARED = "not_cleared"
    LANGUAGE = "language"
    SHIFT = "shift"
    WORKING_TIME = "working_time"
    ABSENCE = "absence"
    BREAK = "break"
    TRAVEL = "travel"
    TOO_FAR = "too_far"
    WINDOW = "window"
    TOO_EARLY = "too_early"
    EXCLUDED = "excluded"
    NOT_REQUIRED = "not_required"
    OVERLAP = "overlap"
    PINNED = "pinned"


@dataclass(frozen=True)
class Violation:
    """One broken rule, said to a person."""

    code: ViolationCode
    sentence: str
    technician_id: UUID


@dataclass(frozen=True)
class Proposal:
    """This technician at that visit from `starts_at`, with everything the rules look at.

    `others` are the technician's other stops of that time, `next_leg` the trip to the one after,
    `crew` everybody who would come.
    """

    visit: Visit
    technician: TechnicianForPlanning
    zone: ZoneInfo
    starts_at: datetime
    ends_at: datetime
    leg: Leg
    next_leg: Leg | None
    home_seconds: int
    reach_seconds: int
    others: tuple[Stop, ...]
    booking: Booking | None
    pins: tuple[Pin, ...]
    crew: frozenset[UUID]

    @property
    def name(self) -> str:
        return self.technician.technician.name

    def says(self, code: ViolationCode, sentence: str) -> Violation:
        return Violation(code, sentence, self.technician.technician.id)

    def clock(self, at: datetime) -> str:
        local, start = at.astimezone(self.zone), self.starts_at.astimezone(self.zone)
        return local.strftime("%H:%M" if local.date() == start.date() else "%d %b %H:%M")

    def shift(self) -> Shift | None:
        """The shift that the start lies in, overtime included."""
        for shift in self.technician.shifts:
            end = shift.ends_at + timedelta(minutes=shift.overtime_minutes)
            if shift.starts_at <= self.starts_at < end:
                return shift
        return None


def skills(proposal: Proposal) -> Iterator[Violation]:
    for wanted in proposal.visit.skills:
        skill, level = str(wanted["skill"]), int(wanted.get("level", 1))
        held = min(
            proposal.technician.level_of(skill, proposal.starts_at),
            proposal.technician.level_of(skill, proposal.ends_at - timedelta(seconds=1)),
        )
        if held == 0:
            yield proposal.says(
                ViolationCode.SKILL_MISSING,
                f"{proposal.name} does not have the skill {skill} (level {level} is needed).",
            )
        elif held < level:
            yield proposal.says(
                ViolationCode.SKILL_LEVEL,
                f"{proposal.name} has {skill} at level {held}; level {level} is needed.",
            )


def credentials(proposal: Proposal) -> Iterator[Violation]:
    for kind in proposal.visit.credentials:
        last = proposal.ends_at - timedelta(seconds=1)
        if not proposal.technician.has_credential(kind, last):
            yield proposal.says(
                ViolationCode.CREDENTIAL_MISSING,
                f"{proposal.name} has no {kind} that is valid then.",
            )


def clearance(proposal: Proposal) -> Iterator[Violation]:
    known = proposal.technician.clearance
    if not known.covers(proposal.ends_at):
        yield proposal.says(
            ViolationCode.NOT_CLEARED, f"{proposal.name} may not work then. {known.sentence}"
        )


def shift(proposal: Proposal) -> Iterator[Violation]:
    found = proposal.shift()
    if found is None:
        yield proposal.says(
            ViolationCode.SHIFT,
            f"{proposal.name} has no shift at {proposal.clock(proposal.starts_at)}.",
        )
        return
    latest = found.ends_at + timedelta(minutes=found.overtime_minutes)
    if proposal.ends_at > latest:
        yield proposal.says(
            ViolationCode.SHIFT,
            f"The work would last until {proposal.clock(proposal.ends_at)}; the shift ends at"
            f" {proposal.clock(latest)} at the latest.",
        )


def working_time(proposal: Proposal) -> Iterator[Violation]:
    found = proposal.shift()
    room = proposal.technician.room_of(found) if found is not None else None
    if room is None or room.law is None:
        return
    if proposal.starts_at < room.earliest or proposal.ends_at > room.latest:
        yield proposal.says(
            ViolationCode.WORKING_TIME,
            f"{proposal.name} may work from {proposal.clock(room.earliest)} to"
            f" {proposal.clock(room.latest)}: {room.law or 'more is not agreed'}.",
        )


def absence(proposal: Proposal) -> Iterator[Violation]:
    for away in proposal.technician.absences:
        if away.starts_at < proposal.ends_at and away.ends_at > proposal.starts_at:
            yield proposal.says(
                ViolationCode.ABSENCE,
                f"{proposal.name} is away ({away.kind}) until {proposal.clock(away.ends_at)}.",
            )


def breaks(proposal: Proposal) -> Iterator[Violation]:
    found = proposal.shift()
    works = [(stop.starts_at, stop.ends_at) for stop in proposal.others]
    works.append((proposal.starts_at, proposal.ends_at))
    for pause in found.breaks if found is not None else ():
        length = timedelta(minutes=pause.minutes)
        starts = [pause.earliest, *(end for _, end in works)]
        possible = any(
            pause.earliest <= at <= pause.latest
            and all(end <= at or at + length <= start for start, end in works)
            for at in starts
        )
        if not possible:
            yield proposal.says(
                ViolationCode.BREAK,
                f"No {pause.minutes} minutes are left for the break that starts between"
                f" {proposal.clock(pause.earliest)} and {proposal.clock(pause.latest)}.",
            )


def travel(proposal: Proposal) -> Iterator[Violation]:
    before = proposal.leg
    minutes = before.travel_seconds // 60
    leaves = proposal.starts_at - timedelta(seconds=before.travel_seconds)
    found = proposal.shift()
    if not before.fits:
        yield proposal.says(
            ViolationCode.TRAVEL,
            f"The trip takes {minutes} minutes; the stop before ends too late for it.",
        )
    elif found is not None and leaves < found.starts_at:
        yield proposal.says(
            ViolationCode.TRAVEL,
            f"The trip takes {minutes} minutes; it would have to start before the shift.",
        )
    if proposal.next_leg is not None and not proposal.next_leg.fits:
        yield proposal.says(
            ViolationCode.TRAVEL,
            f"The stop at {proposal.clock(proposal.next_leg.stop.starts_at)} is"
            f" {proposal.next_leg.travel_seconds // 60} minutes away and would start late.",
        )


def reach(proposal: Proposal) -> Iterator[Violation]:
    most = proposal.technician.technician.max_travel_km
    if proposal.home_seconds > proposal.reach_seconds:
        yield proposal.says(
            ViolationCode.TOO_FAR,
            f"It is {proposal.home_seconds // 60} minutes from home; {proposal.name} goes up to"
            f" {most} km far.",
        )


def languages(proposal: Proposal) -> Iterator[Violation]:
    for language in proposal.visit.languages:
        if language not in proposal.technician.technician.languages:
            yield proposal.says(
                ViolationCode.LANGUAGE, f"{proposal.name} does not speak the language {language}."
            )


def window(proposal: Proposal) -> Iterator[Violation]:
    booking, visit = proposal.booking, proposal.visit
    start = booking.arrival_start if booking is not None else visit.window_start
    end = booking.arrival_end if booking is not None else visit.window_end
    if start is None or end is None or start <= proposal.starts_at <= end:
        return
    word = "was promised" if booking is not None else "was asked for"
    yield proposal.says(
        ViolationCode.WINDOW,
        f"Arrival between {proposal.clock(start)} and {proposal.clock(end)} {word}.",
    )


def earliest(proposal: Proposal) -> Iterator[Violation]:
    at = proposal.visit.earliest_at
    if at is not None and proposal.starts_at < at:
        yield proposal.says(
            ViolationCode.TOO_EARLY, f"The work makes no sense before {proposal.clock(at)}."
        )


def wishes(proposal: Proposal) -> Iterator[Violation]:
    visit, key = proposal.visit, proposal.technician.technician.id
    if key in visit.excluded_technician_ids:
        yield proposal.says(
            ViolationCode.EXCLUDED, f"{proposal.name} is not to be sent to this visit."
        )
    if visit.required_technician_ids and key not in visit.required_technician_ids:
        yield proposal.says(
            ViolationCode.NOT_REQUIRED, f"{proposal.name} is not among those this visit needs."
        )


def overlap(proposal: Proposal) -> Iterator[Violation]:
    for stop in proposal.others:
        if stop.starts_at < proposal.ends_at and stop.ends_at > proposal.starts_at:
            yield proposal.says(
                ViolationCode.OVERLAP,
                f"{proposal.name} has other work from {proposal.clock(stop.starts_at)} to"
                f" {proposal.clock(stop.ends_at)}.",
            )


def pins(proposal: Proposal) -> Iterator[Violation]:
    for pin in proposal.pins:
        if not keeps(pin, proposal.crew, proposal.starts_at, proposal.zone):
            yield proposal.says(ViolationCode.PINNED, f"The {pin.kind} of this visit is locked.")


def keeps(pin: Pin, crew: Collection[UUID], starts_at: datetime, zone: ZoneInfo) -> bool:
    """Whether these people at this time keep what the pin fixes; of a crew one is enough."""
    if pin.kind is PinKind.TECHNICIAN:
        return pin.technician_id in crew
    if pin.kind is PinKind.DAY:
        return pin.day == starts_at.astimezone(zone).date()
    if pin.kind is PinKind.TIME:
        return pin.starts_at == starts_at
    assert pin.window_start is not None
    assert pin.window_end is not None
    return pin.window_start <= starts_at <= pin.window_end


RULES: tuple[Callable[[Proposal], Iterable[Violation]], ...] = (
    overlap,
    absence,
    skills,
    credentials,
    clearance,
    languages,
    shift,
    working_time,
    breaks,
    travel,
    reach,
    window,
    earliest,
    wishes,
    pins,
)


def violations(proposal: Proposal) -> list[Violation]:
    """Every rule the proposal breaks, the gravest first."""
    return [violation for rule in RULES for violation in rule(proposal)]
