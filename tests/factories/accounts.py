"""Accounts for tests."""

from itertools import count
from typing import Any

from sqlalchemy.orm import Session

from dispatch.accounts import service
from dispatch.accounts.models import Account
from dispatch.accounts.roles import DISPATCHER

_numbers = count(1)
PASSWORD = "correct horse battery"


def make_account(session: Session, **over: Any) -> Account:
    """A dispatcher unless roles are given; signs in with PASSWORD when `password=PASSWORD`."""
    number = next(_numbers)
    values: dict[str, Any] = {
        "name": f"Account {number}",
        "email": f"account{number}@example.com",
        "roles": [DISPATCHER],
    }
    return service.create_account(session, **{**values, **over})
