"""Who may use the customer's pages: a signed-in customer, or a signed link for one record."""

from typing import Annotated
from uuid import UUID

from fastapi import Depends

from dispatch.accounts.roles import CUSTOMER
from kernel.auth import require
from kernel.errors import Forbidden
from kernel.principal import Principal
from mobile_api.customer.lifecycle import Visitor

CustomerPrincipal = Annotated[Principal, Depends(require(CUSTOMER))]


# Coroutines, as a plain function would be sent to a thread of the pool and back.
async def visitor(principal: CustomerPrincipal) -> Visitor:
    """The customer behind a sign-in or a signed link."""
    if principal.subject_id is None:
        raise Forbidden("This account belongs to no customer.", code="no_customer")
    return Visitor(principal.subject_id, principal.only_record)


LinkOrCustomer = Annotated[Visitor, Depends(visitor)]


async def customer_id(who: LinkOrCustomer) -> UUID:
    """The customer who is signed in; a link opens one record only and is not enough here."""
    if who.only_record is not None:
        raise Forbidden("Please sign in for that.", code="link_too_narrow")
    return who.customer_id


CustomerId = Annotated[UUID, Depends(customer_id)]
