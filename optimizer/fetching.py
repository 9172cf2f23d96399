"""A route with the pass of a depot that it needs, at its cheapest place."""

from __future__ import annotations

from optimizer.packed import Packed
from optimizer.pricing import price_route
from optimizer.supply import is_supplied, jobs_of


def supplied(packed: Packed, s: int, route: list[int], fixed: dict[int, int]) -> list[int]:
    """The route with a pass where it lacks something and without one where it does not.

    A pass that serves stays where it is. A route that cannot be supplied comes back as it is.
    """
    if not packed.passes:
        return route
    bare = jobs_of(packed, route)
    if is_supplied(packed, s, bare):
        return bare
    if is_supplied(packed, s, route) and price_route(packed, s, route, fixed) is not None:
        return route
    best, cents = route, None
    for stop in packed.passes:
        for k in range(len(bare)):
            wanted = [*bare[:k], stop, *bare[k:]]
            price = price_route(packed, s, wanted, fixed)
            if price is not None and (cents is None or price < cents):
                best, cents = wanted, price
    return best
