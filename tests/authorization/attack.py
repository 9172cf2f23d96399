"""Checks taken out of the running application one by one: does the matrix notice?"""

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from random import Random

from tests.authorization.matrix import DEVICE, Cell, Matrix, cells
from tests.authorization.objects import OWNED, Owned, in_their_name


@dataclass(frozen=True)
class Mutant:
    """A check that is missing; `is_noticed` runs the cell that stands for it."""

    name: str
    is_noticed: Callable[[], bool]


def access_mutants(matrix: Matrix, each: int | None = None, seed: int = 1) -> list[Mutant]:
    """Every operation without its check, looked at by all roles it refuses or `each` of them.

    A device's token is no access token: no check of a role keeps it out, so none can be missed.
    """
    refused: dict[str, list[Cell]] = {}
    for cell in cells(matrix.operations):
        if not cell.is_allowed and cell.role != DEVICE:
            refused.setdefault(cell.operation, []).append(cell)
    rng = Random(seed)
    chosen = [rng.sample(row, min(each or len(row), len(row))) for row in refused.values()]
    return [
        Mutant(f"{cell.operation} lets in {cell.role}", partial(_is_role_noticed, matrix, cell))
        for row in chosen
        for cell in row
    ]


def object_mutants(matrix: Matrix) -> list[Mutant]:
    """For every operation on an object: as if it looked at nobody's ownership."""
    return [
        Mutant(f"{owned.operation} as any {role}", partial(_is_owner_noticed, matrix, owned, role))
        for owned in OWNED
        for role in owned.roles
    ]


def survivors(mutants: list[Mutant]) -> list[str]:
    """The names of mutants that nothing noticed."""
    return [mutant.name for mutant in mutants if not mutant.is_noticed()]


def _is_role_noticed(matrix: Matrix, cell: Cell) -> bool:
    with matrix.unchecked(cell.operation):
        return matrix.fault(cell) is not None


def _is_owner_noticed(matrix: Matrix, owned: Owned, role: str) -> bool:
    with matrix.replaced(in_their_name(matrix.world.theirs, role)):
        return matrix.foreign_fault(owned, role) is not None
