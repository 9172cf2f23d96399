"""Cutting people and visits: without loss where nothing is shared, along territories otherwise."""

from typing import Any
from uuid import UUID, uuid4

from dispatch.scheduling.cuts.cutting import Person, Wanted, borders, cut
from kernel.geo import Point

NORTH, SOUTH = UUID(int=1), UUID(int=2)
BOILER = (("boiler", 1),)


def person(territory: UUID, east: float, north: float = 0, **more: Any) -> Person:
    """A hundredth of a degree is about a kilometre."""
    values = {"reach_m": 50_000.0, "skills": {"boiler": 2}, **more}
    return Person(uuid4(), territory, Point(north, east), **values)


def visit(territory: UUID, east: float, north: float = 0, **more: Any) -> Wanted:
    values = {"order_id": uuid4(), "skills": BOILER, **more}
    return Wanted(id=uuid4(), territory_id=territory, place=Point(north, east), **values)


class TestCut:
    def test_what_nobody_shares_is_cut_without_loss(self) -> None:
        near, far = person(NORTH, 0), person(NORTH, 5)
        visits = [visit(NORTH, 0.1), visit(NORTH, 0.2), visit(NORTH, 5.1)]
        first, second = cut([near, far], visits, 2)
        assert (first.technician_ids, second.technician_ids) == ({near.id}, {far.id})
        assert first.visit_ids == {visits[0].id, visits[1].id}

    def test_a_skill_cuts_as_well_as_a_distance(self) -> None:
        people = [person(NORTH, 0), person(NORTH, 0, skills={"lift": 1})]
        visits = [visit(NORTH, 0), visit(NORTH, 0, skills=(("lift", 1),))]
        assert len(cut(people, visits, 1)) == 2

    def test_an_order_keeps_its_visits_together(self) -> None:
        order = uuid4()
        people = [person(NORTH, 0), person(NORTH, 0, skills={"lift": 1})]
        visits = [
            visit(NORTH, 0, order_id=order),
            visit(NORTH, 0, order_id=order, skills=(("lift", 1),)),
        ]
        assert len(cut(people, visits, 2)) == 1

    def test_who_has_a_visit_keeps_it(self) -> None:
        near, far = person(NORTH, 0), person(NORTH, 5)
        held = visit(NORTH, 0, holders=frozenset({far.id}))
        [part] = cut([near, far], [held, visit(NORTH, 5)], 2)
        assert part.technician_ids == {near.id, far.id}

    def test_what_is_too_large_is_cut_along_territories(self) -> None:
        people = [person(NORTH, 0), person(SOUTH, 0.2)]
        visits = [visit(NORTH, 0), visit(NORTH, 0.1), visit(SOUTH, 0.2)]
        parts = cut(people, visits, 2)
        assert [part.territory_ids for part in parts] == [{NORTH}, {SOUTH}]
        assert [len(part.visit_ids) for part in parts] == [2, 1]

    def test_small_parts_are_packed(self) -> None:
        people = [person(NORTH, 5 * n) for n in range(6)]
        visits = [visit(NORTH, 5 * n) for n in range(6)]
        assert sorted(len(part.visit_ids) for part in cut(people, visits, 3)) == [3, 3]

    def test_everything_is_in_exactly_one_part(self) -> None:
        people = [person(NORTH if n % 2 else SOUTH, 0.1 * n) for n in range(20)]
        visits = [visit(NORTH if n % 3 else SOUTH, 0.02 * n) for n in range(100)]
        visits.append(visit(NORTH, 0, skills=(("lift", 1),)))
        parts = cut(people, visits, 10)
        told = [key for part in parts for key in part.technician_ids]
        assert sorted(told) == sorted(p.id for p in people)
        told = [key for part in parts for key in part.visit_ids]
        assert sorted(told) == sorted(v.id for v in visits)


class TestBorders:
    def test_names_both_sides_of_a_visit_near_the_cut(self) -> None:
        west, east = person(NORTH, 0), person(SOUTH, 0.2)
        near = visit(NORTH, 0.12, holders=frozenset({west.id}))
        away = visit(NORTH, -0.3, holders=frozenset({west.id}))
        part_of = {west.id: 0, near.id: 0, away.id: 0, east.id: 1}
        [found] = borders([west, east], [near, away], part_of, set())
        assert found.technician_ids == {west.id, east.id}
        assert found.visit_ids == {near.id, away.id}

    def test_is_nothing_far_from_a_cut(self) -> None:
        west, east = person(NORTH, 0), person(SOUTH, 0.4)
        home = visit(NORTH, 0.01, holders=frozenset({west.id}))
        assert borders([west, east], [home], {west.id: 0, home.id: 0, east.id: 1}, set()) == []

    def test_what_waits_is_near_whoever_may_do_it(self) -> None:
        west, east = person(NORTH, 0), person(SOUTH, 0.4)
        waiting = visit(NORTH, 0.01)
        part_of = {west.id: 0, waiting.id: 0, east.id: 1}
        [found] = borders([west, east], [waiting], part_of, {waiting.id})
        assert found.visit_ids == {waiting.id}

    def test_nobody_is_in_two_groups(self) -> None:
        people = [person(UUID(int=n), 0.1 * n) for n in range(6)]
        part_of = {p.id: n for n, p in enumerate(people)}
        visits = [
            visit(UUID(int=n), 0.1 * n + 0.05, holders=frozenset({people[n].id})) for n in range(6)
        ]
        part_of |= {v.id: n for n, v in enumerate(visits)}
        found = borders(people, visits, part_of, set())
        told = [key for part in found for key in part.technician_ids]
        assert len(told) == len(set(told)) > 0
