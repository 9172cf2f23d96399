"""What visits need from vans and depots, as the optimizer knows it.

A reserved piece is needed from the stock in which it was reserved, so no two visits can count on
the same one, whatever day they are on. A stock of no place is handed out without a trip.
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import timedelta
from uuid import UUID

from dispatch.parts.depots.models import Depot
from dispatch.scheduling.problems.places import Epoch, Places
from dispatch.sla.business_time import OpeningHours
from dispatch.technicians.models import Technician
from kernel.geo import Point
from optimizer.depot import Depot as PlannedDepot
from optimizer.job import Window
from optimizer.shift import Shift
from optimizer.supplies import Part


@dataclass(frozen=True)
class Need:
    """Pieces reserved for a visit in the van of a technician or in a depot."""

    part: str
    quantity: int
    technician_id: UUID | None = None
    depot_id: UUID | None = None

    @property
    def name(self) -> str:
        return f"{self.part}@{self.technician_id or self.depot_id}"


@dataclass(frozen=True)
class Supplies:
    """The depots that may be passed, and what is reserved, by visit."""

    depots: Sequence[Depot] = ()
    needs: Mapping[UUID, Sequence[Need]] = field(default_factory=dict)
    spare: Mapping[tuple[UUID, str], int] = field(default_factory=dict)
    """Pieces that nobody has reserved, by depot and part."""

    def parts_of(self, visit_id: UUID) -> tuple[Part, ...]:
        return _parts(self.needs.get(visit_id, ()))

    def carriers_of(self, visit_id: UUID) -> frozenset[UUID]:
        """Whose vans hold pieces for it."""
        found = (need.technician_id for need in self.needs.get(visit_id, ()))
        return frozenset(key for key in found if key is not None)

    def fetched_for(self, visit_id: UUID) -> tuple[Part, ...]:
        """What is in no van."""
        return _parts(need for need in self.needs.get(visit_id, ()) if need.depot_id is not None)

    def in_van(self, technician_id: UUID) -> tuple[Part, ...]:
        return _parts(need for need in self._all() if need.technician_id == technician_id)

    def held_by(self, depot: Depot) -> tuple[str, ...]:
        """What was reserved there, and what it could give in place of pieces in vans."""
        own = {need.name for need in self._all() if need.depot_id == depot.id}
        in_vans = [need for need in self._all() if need.technician_id is not None]
        wanted = Counter[str]()
        for need in in_vans:
            wanted[need.part] += need.quantity
        own |= {n.name for n in in_vans if wanted[n.part] <= self.spare.get((depot.id, n.part), 0)}
        return tuple(sorted(own))

    def _all(self) -> list[Need]:
        return [need for needs in self.needs.values() for need in needs]


def _parts(needs: Iterable[Need]) -> tuple[Part, ...]:
    pieces = Counter[str]()
    for need in needs:
        pieces[need.name] += need.quantity
    return tuple(Part(name, quantity) for name, quantity in sorted(pieces.items()))


def with_supplies(
    shifts: Iterable[Shift],
    people: Mapping[str, Technician],
    supplies: Supplies,
    tools: Iterable[str],
    epoch: Epoch,
    places: Places,
) -> tuple[list[Shift], tuple[PlannedDepot, ...]]:
    """The shifts with what is in their vans, and the depots that have what some visit needs."""
    own = list(shifts)
    wanted, ends = set(tools), max((shift.latest_end for shift in own), default=1)
    useful = [
        depot for depot in supplies.depots if supplies.held_by(depot) or wanted & set(depot.tools)
    ]
    vans = {key: supplies.in_van(person.id) for key, person in people.items()}
    found = [
        replace(
            shift,
            parts=vans[shift.technician_id],
            tools=tuple(sorted(set(people[shift.technician_id].tools or ()))),
            depots=tuple(
                str(depot.id)
                for depot in useful
                if depot.territory_id in (None, people[shift.technician_id].territory_id)
            ),
        )
        for shift in own
    ]
    depots = [_depot(depot, supplies, epoch, places, ends) for depot in useful]
    return found, tuple(depots)


def _depot(
    depot: Depot, supplies: Supplies, epoch: Epoch, places: Places, ends: int
) -> PlannedDepot:
    service = depot.service_minutes * 60
    return PlannedDepot(
        id=str(depot.id),
        place=places.number(Point(depot.latitude, depot.longitude)),
        service_seconds=service,
        parts=supplies.held_by(depot),
        tools=tuple(sorted(set(depot.tools))),
        windows=_open(depot, epoch, ends, service),
    )


def _open(depot: Depot, epoch: Epoch, ends: int, service: int) -> tuple[Window, ...]:
    """When somebody may come so as to be served before it closes; () for always."""
    if not depot.weekly:
        return ()
    hours = OpeningHours.read(depot.time_zone, depot.weekly, None)
    found: list[Window] = []
    for opens, closes in hours.intervals(epoch.time(0) - timedelta(days=1)):
        start, end = epoch.seconds(opens), epoch.seconds(closes) - service
        if start > ends:
            break
        if start <= end and (not found or found[-1].end < start):
            found.append(Window(start, end))
    return tuple(found) or (Window(ends + 1, ends + 1),)
