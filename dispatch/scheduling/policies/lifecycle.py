"""The ways of sending visits out, and the states of a version of a policy."""

from enum import StrEnum

from kernel.lifecycle import Lifecycle


class DispatchMode(StrEnum):
    DAY_BEFORE = "day_before"
    LEAD_TIME = "lead_time"
    DRIP = "drip"


class PolicyStatus(StrEnum):
    DRAFT = "draft"
    ACTIVE = "active"
    RETIRED = "retired"


_S = PolicyStatus
POLICY: Lifecycle[PolicyStatus] = Lifecycle(
    "policy",
    initial={_S.DRAFT},
    moves={
        _S.DRAFT: {_S.ACTIVE, _S.RETIRED},
        _S.ACTIVE: {_S.RETIRED},
        _S.RETIRED: {_S.ACTIVE},
    },
)
