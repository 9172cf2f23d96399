"""A provider that pays nobody: for development and tests."""

import hashlib

from marketplace.payments.ports import Destination


class Sandbox:
    """Answers as a provider would; the same key has the same reference."""

    name = "sandbox"

    def register(self, key: str, holder: str, iban: str) -> Destination:
        return Destination(f"sandbox_{_digest(key + iban)}", f"{iban[:2]}** {iban[-4:]}")

    def transfer(self, key: str, token: str, cents: int, currency: str) -> str:
        return f"sandbox_{_digest(key)}"

    def find(self, key: str) -> str | None:
        return None


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()[:24]
