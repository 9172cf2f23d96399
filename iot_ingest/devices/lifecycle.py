"""States of a device's access."""

from enum import StrEnum

from kernel.lifecycle import Lifecycle


class DeviceStatus(StrEnum):
    ACTIVE = "active"
    REVOKED = "revoked"


DEVICE: Lifecycle[DeviceStatus] = Lifecycle(
    "device",
    initial={DeviceStatus.ACTIVE},
    moves={DeviceStatus.ACTIVE: {DeviceStatus.REVOKED}},
)
