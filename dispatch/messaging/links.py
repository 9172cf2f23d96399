"""Signed links: they open one record of one customer without a sign-in."""

from datetime import timedelta
from uuid import UUID

from dispatch.accounts.roles import CUSTOMER
from kernel.credentials import issue_access
from kernel.principal import Principal
from kernel.settings import settings

LINK_LIFE = timedelta(days=30)


def signed_link(noun: str, record_id: UUID, customer_id: UUID) -> str:
    """Address of a customer page such as `visits`; the token stands behind the #, where neither
    servers nor proxies log it."""
    bearer = Principal(
        subject_id=customer_id,
        roles=frozenset({CUSTOMER}),
        name="signed link",
        only_record=record_id,
    )
    token = issue_access(bearer, life=LINK_LIFE)
    return f"{settings().public_url}/customer/{noun}/{record_id}#token={token}"


def without_token(link: str | None) -> str | None:
    """The link as the office may see it."""
    return link.partition("#")[0] if link else None
