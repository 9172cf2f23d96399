"""Where a person is reached: e-mail addresses and phone numbers in one written form."""

import re
from dataclasses import dataclass
from enum import StrEnum

import phonenumbers

from kernel.errors import Invalid
from kernel.settings import settings

_EMAIL = re.compile(r"[^@\s]+@[^@\s.]+(\.[^@\s.]+)+")


class AddressKind(StrEnum):
    EMAIL = "email"
    PHONE = "phone"


@dataclass(frozen=True)
class Address:
    kind: AddressKind
    value: str


def normalize_email(text: str) -> str:
    """Lower case without surrounding space; Invalid `invalid_email` when it cannot be one."""
    email = text.strip().lower()
    if not _EMAIL.fullmatch(email):
        raise Invalid("This is not an e-mail address.", code="invalid_email")
    return email


def normalize_phone(text: str) -> str:
    """E.164 such as +493012345678; a number without a prefix is read in the default country."""
    try:
        number = phonenumbers.parse(text, settings().default_country)
    except phonenumbers.NumberParseException as error:
        raise Invalid("This is not a phone number.", code="invalid_phone") from error
    if not phonenumbers.is_possible_number(number):
        raise Invalid("This is not a phone number.", code="invalid_phone")
    return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)


def parse_address(text: str) -> Address:
    """An e-mail address when there is an @ in it, otherwise a phone number."""
    if "@" in text:
        return Address(AddressKind.EMAIL, normalize_email(text))
    return Address(AddressKind.PHONE, normalize_phone(text))
