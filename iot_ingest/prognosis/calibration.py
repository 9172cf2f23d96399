"""What a raw probability is worth: the share that came true of cases with such a one.

Pools of neighbours that violate the order, as in M. Ayer et al.: An Empirical Distribution Function
for Sampling with Incomplete Information, 1955.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from iot_ingest.prognosis.trees import Table

STEPS = 20
"""Cases are first put into so many steps of equal size, so that no single one decides."""


@dataclass(frozen=True, slots=True)
class Calibration:
    """Rising raw probabilities and the shares that came true; straight between two."""

    raw: tuple[float, ...]
    share: tuple[float, ...]

    @classmethod
    def fit(cls, raw: Table, happened: Table) -> Calibration:
        """From cases that the predictor had not learned from."""
        order = np.argsort(raw, kind="stable")
        pools: list[list[float]] = []
        for part in np.array_split(order, min(STEPS, len(order))):
            pools.append([float(raw[part].mean()), float(happened[part].mean()), len(part)])
            while len(pools) > 1 and pools[-2][1] >= pools[-1][1]:
                later, earlier = pools.pop(), pools.pop()
                size = earlier[2] + later[2]
                mean = [(earlier[i] * earlier[2] + later[i] * later[2]) / size for i in (0, 1)]
                pools.append([*mean, size])
        return cls(tuple(one[0] for one in pools), tuple(one[1] for one in pools))

    def calibrated(self, raw: Table) -> Table:
        return np.asarray(np.interp(raw, self.raw, self.share))

    def to_json(self) -> dict[str, Any]:
        return {"raw": list(self.raw), "share": list(self.share)}

    @classmethod
    def from_json(cls, found: dict[str, Any]) -> Calibration:
        return cls(tuple(found["raw"]), tuple(found["share"]))
