"""Every table of moves, pair by pair; tests/invariants/test_i10_states.py asks the database too."""

import importlib
import pkgutil
from collections.abc import Iterator
from itertools import product
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from benchmarks.invariants.states import guarded_tables
from kernel.errors import Conflict
from kernel.lifecycle import Lifecycle
from server import registry


def lifecycles() -> Iterator[Lifecycle[Any]]:
    """Those of every lifecycle module; the same one may be imported elsewhere."""
    for package in registry.PACKAGES:
        for module in pkgutil.walk_packages(package.__path__, f"{package.__name__}."):
            if module.name.rpartition(".")[2] == "lifecycle":
                found = vars(importlib.import_module(module.name)).values()
                yield from (value for value in found if isinstance(value, Lifecycle))


ALL = sorted(set(lifecycles()), key=lambda found: found.name)
each = pytest.mark.parametrize("lifecycle", ALL, ids=lambda found: found.name)


class TestTables:
    def test_are_all_guarded_by_the_database(self) -> None:
        registry.load()
        assert {lifecycle.name for _, _, lifecycle in guarded_tables()} == {a.name for a in ALL}

    def test_have_names_of_their_own(self) -> None:
        assert len({lifecycle.name for lifecycle in ALL}) == len(ALL) >= 10

    @each
    def test_reach_every_state(self, lifecycle: Lifecycle[Any]) -> None:
        reached, fresh = set(lifecycle.initial), set(lifecycle.initial)
        while fresh:
            fresh = {to for frm in fresh for to in lifecycle.moves_from(frm)} - reached
            reached |= fresh
        assert reached == set(lifecycle.states)

    @each
    def test_list_no_move_to_where_it_starts(self, lifecycle: Lifecycle[Any]) -> None:
        assert not [frm for frm in lifecycle.states if lifecycle.allows(frm, frm)]


class TestEveryPair:
    @each
    def test_is_legal_or_refused_with_what_would_be_legal(self, lifecycle: Lifecycle[Any]) -> None:
        legal = set(lifecycle.pairs())
        for frm, to in product(lifecycle.states, repeat=2):
            assert lifecycle.allows(frm, to) == ((frm, to) in legal)
            if (frm, to) in legal:
                lifecycle.check(frm, to)
                continue
            with pytest.raises(Conflict) as refusal:
                lifecycle.check(frm, to)
            assert refusal.value.code == "illegal_move"
            assert refusal.value.facts["legal"] == [str(s) for s in lifecycle.moves_from(frm)]

    def test_speak_of_an_offer_and_a_visit(self) -> None:
        sentences = {}
        for lifecycle in ALL:
            state = next(iter(lifecycle.states))
            with pytest.raises(Conflict) as refusal:
                lifecycle.check(state, state)
            sentences[lifecycle.name] = refusal.value.message
        assert sentences["offer"].startswith("An offer that is")
        assert sentences["visit"].startswith("A visit that is")


class TestAnyWalk:
    @given(st.data())
    def test_stays_in_the_table(self, data: st.DataObject) -> None:
        lifecycle = data.draw(st.sampled_from(ALL))
        state = data.draw(st.sampled_from(sorted(lifecycle.initial)))
        for wish in data.draw(st.lists(st.sampled_from(list(lifecycle.states)), max_size=20)):
            try:
                lifecycle.check(state, wish)
            except Conflict:
                assert wish not in lifecycle.moves_from(state)
            else:
                assert (state, wish) in lifecycle.pairs()
                state = wish
