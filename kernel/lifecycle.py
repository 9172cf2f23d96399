"""State machines as tables of legal moves; plain Python, shared by code and database triggers."""

from collections.abc import Collection, Mapping
from enum import StrEnum
from typing import Generic, TypeVar

from kernel.errors import Conflict

S = TypeVar("S", bound=StrEnum)


class Lifecycle(Generic[S]):
    """The states of one kind of record, where it may start, and every legal move."""

    def __init__(
        self, name: str, *, initial: Collection[S], moves: Mapping[S, Collection[S]]
    ) -> None:
        targets = {to for tos in moves.values() for to in tos}
        states = type(next(iter(initial)))
        missing = (targets | set(initial)) - set(states)
        if missing:
            raise ValueError(f"{name} names states that do not exist: {missing}")
        self.name = name
        self.initial = frozenset(initial)
        self.states: type[S] = states
        self.moves: dict[S, tuple[S, ...]] = {
            state: tuple(sorted(moves.get(state, ()))) for state in states
        }

    def allows(self, frm: S, to: S) -> bool:
        return to in self.moves[frm]

    def check(self, frm: S, to: S) -> None:
        """Raise Conflict `illegal_move` unless the table lists the move."""
        if not self.allows(frm, to):
            noun = self.name.replace("_", " ")
            raise Conflict(
                f"{'An' if noun[0] in 'aeiou' else 'A'} {noun} that is {frm.replace('_', ' ')} "
                f"cannot become {to.replace('_', ' ')}.",
                code="illegal_move",
                machine=self.name,
                from_status=str(frm),
                to_status=str(to),
                legal=[str(state) for state in self.moves[frm]],
            )

    def moves_from(self, state: S) -> tuple[S, ...]:
        return self.moves[state]

    def is_final(self, state: S) -> bool:
        return not self.moves[state]

    def pairs(self) -> list[tuple[S, S]]:
        return [(frm, to) for frm, tos in self.moves.items() for to in tos]
