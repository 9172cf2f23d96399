"""States of a trained model, and the detectors that rules may name without a card."""

from enum import StrEnum

from kernel.lifecycle import Lifecycle

STREAMING = "streaming"
"""The rules of this model fire when the streaming detector of the metric gives an alert (L1)."""
CORROBORATION = "corroboration"
"""The rules of this model fire when two metrics of an asset gave an alert within two hours (L2)."""


class ModelKind(StrEnum):
    REMAINING_LIFE = "remaining_life"


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
