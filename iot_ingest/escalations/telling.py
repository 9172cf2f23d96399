"""Writes to people of the office about what waits for them, with the way to it."""

from collections.abc import Callable, Mapping, Sequence
from uuid import UUID

from sqlalchemy.orm import Session

from dispatch.accounts.models import Account
from dispatch.messaging import service as messaging
from dispatch.messaging.lifecycle import Channel
from kernel.settings import settings


def tell_accounts(
    session: Session,
    people: Sequence[Account],
    template: str,
    values: Callable[[Account], Mapping[str, object]],
    *,
    where: str,
    is_pressing: bool = False,
    alert_id: UUID | None = None,
) -> int:
    """Write to each of them in their language; what presses goes to their phones. `where` is the
    query of a page of the console. Gives how many were written to."""
    reached = [account for account in people if account.email or account.phone]
    for account in reached:
        by_phone = account.phone is not None and (is_pressing or account.email is None)
        messaging.send(
            session,
            template=template,
            account_id=account.id,
            values=values(account),
            channel=Channel.SMS if by_phone else Channel.EMAIL,
            link=f"{settings().public_url}/console/?{where}",
            about={"alert_id": alert_id},
        )
    return len(reached)
