"""One written form for e-mail addresses and phone numbers."""

import pytest

from dispatch.accounts.addresses import (
    Address,
    AddressKind,
    normalize_email,
    normalize_phone,
    parse_address,
)
from kernel.errors import Invalid


class TestNormalizePhone:
    @pytest.mark.parametrize(
        "text", ["+493012345678", "030 12345678", "030/123 456-78", "0049 30 12345678"]
    )
    def test_gives_one_form_for_every_way_of_writing(self, text):
        assert normalize_phone(text) == "+493012345678"

    @pytest.mark.parametrize("text", ["", "abc", "1", "+49", "030123456789012345678"])
    def test_refuses_what_cannot_be_a_number(self, text):
        with pytest.raises(Invalid):
            normalize_phone(text)


class TestNormalizeEmail:
    def test_ignores_case_and_space_around(self):
        assert normalize_email(" Ada@Example.COM ") == "ada@example.com"

    @pytest.mark.parametrize("text", ["", "@", "a@b", "a b@example.com", "a@@example.com"])
    def test_refuses_what_cannot_be_an_address(self, text):
        with pytest.raises(Invalid):
            normalize_email(text)


class TestParseAddress:
    def test_tells_the_two_kinds_apart(self):
        assert parse_address("a@example.com") == Address(AddressKind.EMAIL, "a@example.com")
        assert parse_address("030 12345678") == Address(AddressKind.PHONE, "+493012345678")
