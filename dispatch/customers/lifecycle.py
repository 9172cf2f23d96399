"""What a customer may be, and how one may be reached."""

from enum import StrEnum


class CustomerKind(StrEnum):
    PERSON = "person"
    BUSINESS = "business"


class PositionBy(StrEnum):
    """Who said where a site lies: the pin of a person stays when the address is looked up anew."""

    PERSON = "person"
    GEOCODER = "geocoder"


class PreferredChannel(StrEnum):
    SMS = "sms"
    EMAIL = "email"
    PUSH = "push"
