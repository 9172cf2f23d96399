"""I17 for the checker: plans of random instances break no rule, plans broken on purpose do."""

import random
from collections import Counter
from dataclasses import dataclass, field

from benchmarks.invariants.jobs import Outcome
from optimizer.check import check
from optimizer.limits import Limits
from optimizer.solve import solve
from optimizer.violation import Code
from tests.optimizer.bond_mutants import ALL_MUTATIONS
from tests.optimizer.strategies import random_problem

MUST_CATCH = 0.99


@dataclass
class Attack:
    """What was done to valid plans and what the checker said, by name of the mutation."""

    instances: int = 0
    invalid: list[int] = field(default_factory=list)
    """Instances whose own plan breaks a rule."""
    made: Counter[str] = field(default_factory=Counter)
    missed: Counter[str] = field(default_factory=Counter)
    broken: Counter[Code] = field(default_factory=Counter)
    """In how many mutants each rule was found broken."""


def attack(*, instances: int = 0, mutants: int = 0, seed: int = 1) -> Attack:
    """So many instances at least, and as many more as it takes for so many mutants."""
    found, dice = Attack(), random.Random(seed)
    while found.instances < instances or found.made.total() < mutants:
        _break(found, dice, seed * 1_000_000 + found.instances)
        found.instances += 1
    return found


def _break(found: Attack, dice: random.Random, seed: int) -> None:
    problem = random_problem(seed)
    plan = solve(problem, Limits(iterations=5), seed=seed)
    if check(problem, plan):
        found.invalid.append(seed)
        return
    for mutate in ALL_MUTATIONS:
        mutant = mutate(dice, problem, plan)
        if mutant is None:
            continue
        codes = {violation.code for violation in check(*mutant)}
        found.made[mutate.__name__] += 1
        found.missed[mutate.__name__] += not codes
        found.broken.update(codes)


def outcome(*, instances: int, seed: int = 1) -> Outcome:
    """Solved instances break no rule; broken on purpose, the checker says so."""
    found, told = attack(instances=instances, seed=seed), Outcome()
    mutants, missed = found.made.total(), found.missed.total()
    told.violations += [f"I17: the plan of instance {n} breaks a rule" for n in found.invalid]
    told.operations, told.faults = instances + mutants, mutants
    told.figures["mutants_caught_pct"] = round(100 * (1 - missed / mutants), 2)
    if missed > (1 - MUST_CATCH) * mutants:
        told.violations.append(f"I17: {missed} of {mutants} broken plans passed")
    return told
