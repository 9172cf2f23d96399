"""States of a device's certificate; that its time is over needs no move."""

from datetime import timedelta
from enum import StrEnum

from kernel.lifecycle import Lifecycle


class CertificateStatus(StrEnum):
    ACTIVE = "active"
    REVOKED = "revoked"


CERTIFICATE: Lifecycle[CertificateStatus] = Lifecycle(
    "device_certificate",
    initial={CertificateStatus.ACTIVE},
    moves={CertificateStatus.ACTIVE: {CertificateStatus.REVOKED}},
)

MOST_AT_ONCE = 5
"""Certificates of one device that are in force."""
REMIND_BEFORE = (timedelta(days=30), timedelta(days=7), timedelta(days=1))


def reminders_due(left: timedelta) -> int:
    """How many reminders a certificate that is in force for so long should have had."""
    return sum(left <= before for before in REMIND_BEFORE)
