"""States of a trained model, and the detectors that rules may name without a card."""

from enum import StrEnum

from iot_ingest.rules.lifecycle import CORROBORATION, DRIFT
from kernel.lifecycle import Lifecycle

STREAMING = "streaming"
"""The rules of this model fire when the streaming detector of the metric gives an alert (L1)."""

DETECTORS = frozenset({STREAMING, CORROBORATION, DRIFT})


class ModelKind(StrEnum):
    """What a model foretells: cycles left, a failure within a day, or by the repairs of its asset
    model alone how long a machine lasts on which nothing is measured."""

    REMAINING_LIFE = "remaining_life"
    FAILURES = "failures"
    REPAIRS = "repairs"


class ModelStatus(StrEnum):
    TRAINED = "trained"
    PROMOTED = "promoted"
    RETIRED = "retired"


MODEL: Lifecycle[ModelStatus] = Lifecycle(
    "model",
    initial={ModelStatus.TRAINED},
    moves={
        ModelStatus.TRAINED: {ModelStatus.PROMOTED},
        ModelStatus.PROMOTED: {ModelStatus.RETIRED},
        ModelStatus.RETIRED: {ModelStatus.PROMOTED},
    },
)
