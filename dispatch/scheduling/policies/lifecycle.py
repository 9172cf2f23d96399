"""The ways of sending visits out and of asking freelancers, and a policy's states."""

from enum import StrEnum

from kernel.lifecycle import Lifecycle


class DispatchMode(StrEnum):
    DAY_BEFORE = "day_before"
    LEAD_TIME = "lead_time"
    DRIP = "drip"


class CrowdOrder(StrEnum):
    """When freelancers are asked beside one's own people."""

    IN_HOUSE_FIRST = "in_house_first"
    CHEAPEST = "cheapest"
    FASTEST = "fastest"


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
