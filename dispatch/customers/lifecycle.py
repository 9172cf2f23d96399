"""What a customer may be, and how one may be reached."""

from enum import StrEnum


class CustomerKind(StrEnum):
    PERSON = "person"
    BUSINESS = "business"


class PreferredChannel(StrEnum):
    SMS = "sms"
    EMAIL = "email"
    PUSH = "push"
