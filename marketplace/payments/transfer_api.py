"""A provider with an API in the shape of Stripe's: forms, a bearer key, Idempotency-Key.

https://docs.stripe.com/api/transfers and /api/idempotent_requests: a key is remembered for at
least a day; `transfer_group` finds a transfer after that too.
"""

from typing import Any

import httpx

from marketplace.payments.ports import Destination, PaymentRefused, PaymentUnknown

CONFLICT, TOO_MANY = 409, 429
"""The first try is in flight, and slow down: the outcome is not known yet."""


class TransferApi:
    """`client` may be given in tests; each call ends within `timeout_seconds`."""

    name = "transfer_api"

    def __init__(self, url: str, key: str, timeout_seconds: float) -> None:
        self._url = url.rstrip("/")
        self._client = httpx.Client(
            headers={"Authorization": f"Bearer {key}"}, timeout=timeout_seconds
        )

    def register(self, key: str, holder: str, iban: str) -> Destination:
        told = self._ask(
            "POST",
            "/v1/external_accounts",
            key,
            {
                "external_account[object]": "bank_account",
                "external_account[country]": iban[:2],
                "external_account[account_holder_name]": holder,
                "external_account[account_number]": iban,
            },
        )
        return Destination(_text(told, "id"), f"{iban[:2]}** {_text(told, 'last4')}")

    def transfer(self, key: str, token: str, cents: int, currency: str) -> str:
        form = {
            "amount": str(cents),
            "currency": currency.lower(),
            "destination": token,
            "transfer_group": key,
        }
        told = self._ask("POST", "/v1/transfers", key, form)
        if told.get("amount") != cents:
            raise PaymentUnknown(f"asked for {cents}, was told {told.get('amount')}")
        return _text(told, "id")

    def find(self, key: str) -> str | None:
        told = self._ask("GET", "/v1/transfers", None, {"transfer_group": key, "limit": "1"})
        found = told.get("data") or []
        return _text(found[0], "id") if found else None

    def _ask(self, method: str, path: str, key: str | None, values: dict[str, str]) -> Any:
        sent = {"params": values} if method == "GET" else {"data": values}
        headers = {"Idempotency-Key": key} if key else {}
        try:
            reply = self._client.request(method, self._url + path, headers=headers, **sent)  # type: ignore[arg-type]  # one of two keywords
            told = reply.json()
        except (httpx.HTTPError, ValueError) as error:
            raise PaymentUnknown(type(error).__name__) from error
        if reply.is_success and isinstance(told, dict):
            return told
        if reply.is_client_error and reply.status_code not in (CONFLICT, TOO_MANY):
            raise PaymentRefused(f"{reply.status_code} {_reason(told)}")
        raise PaymentUnknown(f"{reply.status_code} {_reason(told)}")


def _text(told: Any, name: str) -> str:
    value = told.get(name)
    if not isinstance(value, str):
        raise PaymentUnknown(f"no {name} in the reply")
    return value


def _reason(told: Any) -> str:
    error = told.get("error") if isinstance(told, dict) else None
    return str(error.get("code") or error.get("type")) if isinstance(error, dict) else "no reason"
