"""Who may use the technician's phone."""

from typing import Annotated
from uuid import UUID

from fastapi import Depends

from dispatch.accounts.roles import FIELD
from kernel.auth import require
from kernel.errors import Forbidden
from kernel.principal import Principal

FieldPrincipal = Annotated[Principal, Depends(require(*FIELD))]


def field_id(principal: FieldPrincipal) -> UUID:
    """The technician behind the sign-in."""
    if principal.subject_id is None:
        raise Forbidden("This account belongs to no technician.", code="no_technician")
    return principal.subject_id


FieldId = Annotated[UUID, Depends(field_id)]
