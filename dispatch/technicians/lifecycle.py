"""What a technician may be, and how a credential moves from claimed to valid to ended."""

from enum import StrEnum

from kernel.lifecycle import Lifecycle


class Employment(StrEnum):
    IN_HOUSE = "in_house"
    PARTNER = "partner"
    FREELANCE = "freelance"


class AbsenceKind(StrEnum):
    ILLNESS = "illness"
    HOLIDAY = "holiday"
    REST = "rest"
    """What the law gives back after a call-out in the night."""
    OTHER = "other"


class CredentialStatus(StrEnum):
    PENDING = "pending"
    VALID = "valid"
    EXPIRED = "expired"
    REVOKED = "revoked"


CREDENTIAL = Lifecycle(
    "credential",
    initial={CredentialStatus.PENDING},
    moves={
        CredentialStatus.PENDING: {CredentialStatus.VALID, CredentialStatus.REVOKED},
        CredentialStatus.VALID: {CredentialStatus.EXPIRED, CredentialStatus.REVOKED},
    },
)
