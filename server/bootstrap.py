"""The first sign-in of an empty database."""

from sqlalchemy.orm import Session

from dispatch.accounts import queries, service
from dispatch.accounts.roles import ADMIN

OWNER, PASSWORD = "admin@firstfix.example", "firstfix-demo"


def ensure_owner(session: Session, email: str = OWNER, password: str = PASSWORD) -> None:
    """Create the administrator unless the address has an account."""
    if queries.find_by_email(session, email) is None:
        service.create_account(session, name="Admin", roles=[ADMIN], email=email, password=password)
