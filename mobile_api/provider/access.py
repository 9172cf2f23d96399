"""Who may use the provider's pages, and whose people they reach."""

from typing import Annotated
from uuid import UUID

from fastapi import Depends

from dispatch.accounts.roles import PROVIDER_MANAGER
from kernel.auth import require
from kernel.errors import Forbidden
from kernel.principal import Principal

ProviderPrincipal = Annotated[Principal, Depends(require(PROVIDER_MANAGER))]


def provider_id(principal: ProviderPrincipal) -> UUID:
    """The provider behind the sign-in."""
    if principal.subject_id is None:
        raise Forbidden("This account belongs to no provider.", code="no_provider")
    return principal.subject_id


ProviderId = Annotated[UUID, Depends(provider_id)]
