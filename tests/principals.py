"""Principals for tests, one function per role."""

from typing import Any
from uuid import UUID, uuid4

from kernel.principal import Principal


def principal(*roles: str, subject_id: UUID | None = None, name: str = "") -> Principal:
    return Principal(
        account_id=uuid4(), subject_id=subject_id, roles=frozenset(roles), name=name or roles[0]
    )


def dispatcher() -> Principal:
    return principal("dispatcher")


def call_agent() -> Principal:
    return principal("call_agent")


def admin() -> Principal:
    return principal("admin")


def technician_principal(technician: Any) -> Principal:
    role = "freelancer" if technician.employment == "freelance" else "technician"
    return principal(role, subject_id=technician.id)


def customer_principal(customer: Any) -> Principal:
    return principal("customer", subject_id=customer.id)
