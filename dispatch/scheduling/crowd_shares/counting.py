"""Shares of freelancers: what counts, and what room is left; plain Python."""

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta, tzinfo
from uuid import UUID

from dispatch.scheduling.policies.rules import Rules

SHARE_USED_UP = "crowd_share_used_up"


@dataclass(frozen=True)
class Counted:
    """A visit on the local day that it counts for; freelancers have it, or are asked for it."""

    visit_id: UUID
    work_type: str
    day: date
    with_crowd: bool = False


@dataclass(frozen=True)
class Share:
    """What freelancers have of the visits of some days, and `pct` that they may have.

    `name` is that of the territory, or of the work type whose share it is.
    """

    name: str
    work_type: str | None
    pct: int
    days: int
    until: date
    visits: int
    with_crowd: int

    @property
    def room(self) -> int:
        """So many visits more may go to them."""
        return max(0, self.visits * self.pct // 100 - self.with_crowd)

    @property
    def sentence(self) -> str:
        return (
            f"The freelancers' share of {self.name} is used up: at most {self.pct} % of the"
            f" {self.visits} visits in the {self.days} days to {self.until}, and they have"
            f" {self.with_crowd}."
        )


class Shares:
    """The shares of one territory under its rules.

    `names` are those of work types by code.
    """

    def __init__(
        self,
        rules: Rules,
        name: str,
        zone: tzinfo,
        names: Mapping[str, str],
        counted: Iterable[Counted],
    ) -> None:
        self._rules, self._name, self._zone, self._names = rules, name, zone, names
        self._counted = {one.visit_id: one for one in counted}

    def has_crowd(self, visit_id: UUID) -> bool:
        """Whether the visit counts as one of freelancers already."""
        one = self._counted.get(visit_id)
        return one is not None and one.with_crowd

    def work_type_of(self, visit_id: UUID) -> str:
        """The code of its work type; "" for a visit that does not count."""
        one = self._counted.get(visit_id)
        return "" if one is None else one.work_type

    def day_of(self, at: datetime) -> date:
        return at.astimezone(self._zone).date()

    def days_of(self, day: date) -> tuple[date, date]:
        """The first and last day of the shares that end on this one."""
        return day - timedelta(days=self._rules.crowd_share_days - 1), day

    def of(
        self, day: date, work_types: Collection[str], also: Collection[UUID] = ()
    ) -> Iterator[Share]:
        """The shares up to that day that bind visits of these work types.

        Visits that are `also` to be done then count as visits, and not as ones of freelancers.
        """
        first, last = self.days_of(day)
        there = [
            one
            for one in self._counted.values()
            if first <= one.day <= last and one.visit_id not in also
        ]
        rules = self._rules
        limits: dict[str | None, int | None] = {None: rules.crowd_share_pct}
        limits |= {code: rules.crowd_share_pct_by_work_type.get(code) for code in work_types}
        for work_type, pct in limits.items():
            if pct is None:
                continue
            own = [one for one in there if work_type in (None, one.work_type)]
            extra = sum(1 for key in also if work_type in (None, self.work_type_of(key)))
            yield Share(
                name=self._name if work_type is None else self._names.get(work_type, work_type),
                work_type=work_type,
                pct=pct,
                days=rules.crowd_share_days,
                until=day,
                visits=len(own) + extra,
                with_crowd=sum(one.with_crowd for one in own),
            )


@dataclass(frozen=True)
class Bounds:
    """The shares that bind a plan, by territory.

    Of what a share has room for, a part of the plan takes as much as its visits are of all.
    """

    shares: Mapping[UUID, Shares] = field(default_factory=dict)
    part: tuple[int, int] = (1, 1)
