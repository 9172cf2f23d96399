"""I17 for the checker: plans of random instances break no rule, plans broken on purpose do."""

import random

from benchmarks.invariants.jobs import Outcome
from optimizer.check import check
from optimizer.limits import Limits
from optimizer.solve import solve
from tests.optimizer.bond_mutants import ALL_MUTATIONS
from tests.optimizer.strategies import random_problem

MUST_CATCH = 0.99


def attack(*, instances: int, seed: int = 1) -> Outcome:
    """Solved instances break no rule; broken on purpose, the checker says so."""
    outcome, dice, caught, mutants = Outcome(), random.Random(seed), 0, 0
    for number in range(instances):
        problem = random_problem(seed * 1_000_000 + number)
        plan = solve(problem, Limits(iterations=5), seed=number)
        if check(problem, plan):
            outcome.violations.append(f"I17: the plan of instance {number} breaks a rule")
        for mutate in ALL_MUTATIONS:
            mutant = mutate(dice, problem, plan)
            if mutant is not None:
                mutants += 1
                caught += bool(check(*mutant))
    outcome.operations, outcome.faults = instances + mutants, mutants
    outcome.figures["mutants_caught_pct"] = round(100 * caught / mutants, 2)
    if caught < MUST_CATCH * mutants:
        outcome.violations.append(f"I17: {mutants - caught} of {mutants} broken plans passed")
    return outcome
