"""What payouts need from a payment provider."""

from dataclasses import dataclass
from typing import Protocol

from kernel.ports import Port


@dataclass(frozen=True)
class Destination:
    """A bank account as the provider names it; `label` is all that we show of it."""

    token: str
    label: str


class PaymentRefused(Exception):
    """The provider will not do it, now or later; nothing was paid."""


class PaymentUnknown(Exception):
    """No answer, or none that can be relied on: it may have happened. Ask again, same key."""


class PaymentProvider(Protocol):
    """Each call may be repeated under its key and takes effect once."""

    name: str

    def register(self, key: str, holder: str, iban: str) -> Destination:
        """Give bank details into the provider's hands. Raises both."""

    def transfer(self, key: str, token: str, cents: int, currency: str) -> str:
        """Pay, and give the provider's reference. Raises both."""

    def find(self, key: str) -> str | None:
        """The reference of what was paid under a key, however long ago. Raises PaymentUnknown."""


payment_provider: Port[PaymentProvider | None] = Port("marketplace.payment_provider")
payment_provider.wire(None)
