"""The operations on one object that its owner may call, with a body that reaches the object."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from uuid import UUID

from mobile_api.customer import access as customer_access
from mobile_api.customer.lifecycle import Visitor
from mobile_api.provider import access as provider_access
from mobile_api.technician import access as field_access
from tests.authorization.world import MORNING, Belongings

Dependency = Callable[..., object]
Key = Callable[[Belongings, str], UUID]
WINDOW = {
    "window_start": (MORNING + timedelta(hours=1)).isoformat(),
    "window_end": (MORNING + timedelta(hours=3)).isoformat(),
}
PIN = {"latitude": 52.53, "longitude": 13.41}
RATING = {"csat": 5, "solved_first_time": True}


@dataclass(frozen=True)
class Owned:
    """`key` finds the object of one of its owners, whose role it is told."""

    operation: str
    roles: tuple[str, ...]
    key: Key
    body: dict[str, Any] | None = None
    opens_by_link: bool = True
    """Whether a link to the record lets in who is not signed in."""


def _waiting(whose: Belongings, _: str) -> UUID:
    return whose.waiting.id


def _site(whose: Belongings, _: str) -> UUID:
    return whose.site.id


def _alert(whose: Belongings, _: str) -> UUID:
    return whose.alert.id


def _job(whose: Belongings, role: str) -> UUID:
    return whose.jobs[role].id


def _offer(whose: Belongings, role: str) -> UUID:
    return whose.offers[role].id


def _counter(whose: Belongings, role: str) -> UUID:
    return whose.counters[role].id


def _bundle(whose: Belongings, role: str) -> UUID:
    return whose.bundles[role].id


def _stand_by(whose: Belongings, role: str) -> UUID:
    return whose.stand_bys[role].id


def _confirmation(whose: Belongings, role: str) -> UUID:
    return whose.confirmations[role].id


def _payout(whose: Belongings, role: str) -> UUID:
    return whose.payouts[role].id


def _customer(whose: Belongings, _: str) -> UUID:
    return whose.customer.id


def _suspension(whose: Belongings, role: str) -> UUID:
    return whose.suspensions[role].id


def _employee(whose: Belongings, _: str) -> UUID:
    return whose.employee.id


def _absence(whose: Belongings, role: str) -> UUID:
    return whose.absences[role].id


def _shift(whose: Belongings, _: str) -> UUID:
    return whose.employee_shift.id


def _pay_change(whose: Belongings, role: str) -> UUID:
    return whose.pay_changes[role].id


CUSTOMER = ("customer",)
FIELD = ("technician", "freelancer")
MANAGER = ("provider_manager",)
VISIT = "/api/customer/visits/{visit_id}"
ALERT = "/api/customer/alerts/{alert_id}"
JOB = "/api/technician/visits/{visit_id}"
OFFER = "/api/technician/offers/{offer_id}"
COUNTER = "/api/technician/counter-offers/{counter_id}"
STAND_BY = "/api/technician/stand-bys/{stand_by_offer_id}"
CONFIRMATION = "/api/technician/confirmations/{confirmation_id}"
BUNDLE = "/api/technician/bundles/{bundle_id}"
PAY_CHANGE = "/api/technician/pay-changes/{change_id}"
EMPLOYEE = "/api/provider/people/{technician_id}"
TIMES = {
    "starts_at": (MORNING + timedelta(days=3)).isoformat(),
    "ends_at": (MORNING + timedelta(days=3, hours=6)).isoformat(),
}
HOLIDAY = {**TIMES, "kind": "holiday"}
REASON = {"reason": "not agreed"}
PAPER = {"name": "gas.pdf", "content": "JVBERi0xLjQ="}
APPEAL = "/api/technician/suspensions/{suspension_id}/appeal"
STANCE = "/api/technician/customers/{customer_id}/preference"

OWNED = (
    Owned("PUT /api/customer/sites/{site_id}/position", CUSTOMER, _site, PIN, opens_by_link=False),
    Owned(f"GET {VISIT}", CUSTOMER, _waiting),
    Owned(f"GET {VISIT}/windows", CUSTOMER, _waiting),
    Owned(f"POST {VISIT}/hold", CUSTOMER, _waiting, WINDOW),
    Owned(f"POST {VISIT}/ask-for-date", CUSTOMER, _waiting, WINDOW),
    Owned(f"POST {VISIT}/confirm", CUSTOMER, _waiting),
    Owned(f"POST {VISIT}/reschedule", CUSTOMER, _waiting, WINDOW),
    Owned(f"POST {VISIT}/cancel", CUSTOMER, _waiting, {}),
    Owned(f"POST {VISIT}/rate", CUSTOMER, _waiting, RATING),
    Owned(f"GET {ALERT}", CUSTOMER, _alert),
    Owned(f"POST {ALERT}/answer", CUSTOMER, _alert, {"choice": "slot", **WINDOW}),
    Owned(f"GET {JOB}", FIELD, _job),
    Owned(f"POST {JOB}/move", FIELD, _job, {"to": "en_route"}),
    Owned(f"GET {JOB}/back-out", FIELD, _job),
    Owned(f"POST {JOB}/late", FIELD, _job, {"minutes": 20}),
    Owned(f"POST {JOB}/back-out", FIELD, _job, {"reason": "ill"}),
    Owned(f"POST {OFFER}/viewed", FIELD, _offer),
    Owned(f"POST {OFFER}/accept", FIELD, _offer),
    Owned(f"POST {OFFER}/decline", FIELD, _offer, {}),
    Owned(f"POST {OFFER}/counter", FIELD, _offer, {"pay_cents": 7000}),
    Owned(f"POST {STAND_BY}/accept", FIELD, _stand_by),
    Owned(f"POST {STAND_BY}/decline", FIELD, _stand_by),
    Owned(f"GET {STAND_BY}/back-out", FIELD, _stand_by),
    Owned(f"POST {STAND_BY}/back-out", FIELD, _stand_by, {"reason": "ill"}),
    Owned(f"POST {CONFIRMATION}/confirm", FIELD, _confirmation),
    Owned(f"POST {CONFIRMATION}/decline", FIELD, _confirmation, REASON),
    Owned(f"POST {BUNDLE}/accept", FIELD, _bundle),
    Owned(f"POST {BUNDLE}/decline", FIELD, _bundle, {}),
    Owned(f"POST {COUNTER}/accept", FIELD, _counter),
    Owned(f"POST {COUNTER}/decline", FIELD, _counter, {}),
    Owned(f"POST {COUNTER}/take-back", FIELD, _counter),
    Owned("POST /api/technician/payouts/{payout_id}/dispute", FIELD, _payout, REASON),
    Owned(f"POST {APPEAL}", FIELD, _suspension, {"words": "I was there."}),
    Owned("DELETE /api/technician/absences/{absence_id}", FIELD, _absence),
    Owned(f"PUT {STANCE}", FIELD, _customer, {"stance": "prefer"}),
    Owned(f"DELETE {STANCE}", FIELD, _customer),
    Owned(f"POST {EMPLOYEE}/credentials", MANAGER, _employee, {"kind": "gas", "paper": PAPER}),
    Owned(f"POST {EMPLOYEE}/shifts", MANAGER, _employee, TIMES),
    Owned(f"POST {EMPLOYEE}/absences", MANAGER, _employee, HOLIDAY),
    Owned(f"GET {EMPLOYEE}/times", MANAGER, _employee),
    Owned(f"GET {EMPLOYEE}/absence-effects", MANAGER, _employee),
    Owned("PUT /api/provider/shifts/{shift_id}", MANAGER, _shift, TIMES),
    Owned("DELETE /api/provider/shifts/{shift_id}", MANAGER, _shift),
    Owned("PUT /api/provider/absences/{absence_id}", MANAGER, _absence, HOLIDAY),
    Owned("DELETE /api/provider/absences/{absence_id}", MANAGER, _absence),
    Owned("POST /api/provider/offers/{offer_id}/accept", MANAGER, _offer),
    Owned("POST /api/provider/offers/{offer_id}/decline", MANAGER, _offer, {}),
    Owned("POST /api/provider/bundles/{bundle_id}/accept", MANAGER, _bundle),
    Owned("POST /api/provider/bundles/{bundle_id}/decline", MANAGER, _bundle, {}),
    Owned(f"POST {PAY_CHANGE}/approve", FIELD, _pay_change),
    Owned(f"POST {PAY_CHANGE}/refuse", FIELD, _pay_change, REASON),
)


def in_their_name(
    theirs: Belongings, role: str
) -> dict[Callable[..., object], Callable[..., object]]:
    """Whose objects are reached is read here; replaced, everybody reaches the neighbour's."""
    if role == "customer":
        return {
            customer_access.visitor: lambda: Visitor(theirs.customer.id),
            customer_access.customer_id: lambda: theirs.customer.id,
        }
    owner_id = getattr(theirs, role).id
    if role == "provider_manager":
        return {provider_access.provider_id: lambda: owner_id}
    return {field_access.field_id: lambda: owner_id}
