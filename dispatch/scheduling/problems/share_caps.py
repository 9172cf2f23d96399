"""From shares of freelancers to bounds of the problem."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from dispatch.scheduling.crowd_shares.counting import Bounds, Share, Shares
from dispatch.scheduling.problems.jobs import Planned
from dispatch.scheduling.problems.places import Epoch
from optimizer.crowd import ShareCap
from optimizer.job import Job


@dataclass(frozen=True)
class _Candidate:
    job_id: str
    visit_id: UUID
    day: date


def bounded(
    bounds: Bounds, planned: Mapping[UUID, Planned], jobs: Mapping[str, Job], epoch: Epoch
) -> tuple[tuple[ShareCap, ...], dict[str, Share]]:
    """The caps, and what each of them is about by its name."""
    caps: list[ShareCap] = []
    meant: dict[str, Share] = {}
    for territory_id, shares in sorted(bounds.shares.items()):
        found = list(_candidates(territory_id, shares, planned, jobs, epoch))
        for cap, share in _caps(shares, found, bounds.part):
            meant[cap.name] = share
            caps.append(cap)
    return tuple(caps), meant


def _candidates(
    territory_id: UUID,
    shares: Shares,
    planned: Mapping[UUID, Planned],
    jobs: Mapping[str, Job],
    epoch: Epoch,
) -> Iterator[_Candidate]:
    """What freelancers could be asked for and are not yet."""
    for key, item in planned.items():
        crowd = jobs[str(key)].crowd
        if crowd is None or item.visit.territory_id != territory_id or shares.has_crowd(key):
            continue
        yield _Candidate(str(key), key, shares.day_of(epoch.time(crowd.start)))


def _caps(
    shares: Shares, found: list[_Candidate], part: tuple[int, int]
) -> Iterator[tuple[ShareCap, Share]]:
    for day in sorted({one.day for one in found}):
        first, last = shares.days_of(day)
        there = [one for one in found if first <= one.day <= last]
        types = {one.visit_id: shares.work_type_of(one.visit_id) for one in there}
        for share in shares.of(day, sorted(set(types.values())), set(types)):
            own = tuple(
                one.job_id for one in there if share.work_type in (None, types[one.visit_id])
            )
            most = share.room * part[0] // part[1]
            yield ShareCap(f"{share.name} {day}", own, most), share
