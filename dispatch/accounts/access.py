"""Who may call an operation, as dependencies that api modules declare."""

from typing import Annotated

from fastapi import Depends

from dispatch.accounts.roles import ADMIN, FIELD, MANAGERS, OFFICE, PARTS, PLANNERS, STAFF
from kernel.auth import require
from kernel.principal import Principal

Office = Annotated[Principal, Depends(require(*OFFICE))]
OfficeOrParts = Annotated[Principal, Depends(require(*OFFICE, PARTS))]
Planner = Annotated[Principal, Depends(require(*PLANNERS))]
Manager = Annotated[Principal, Depends(require(*MANAGERS))]
Staff = Annotated[Principal, Depends(require(*STAFF))]
Worker = Annotated[Principal, Depends(require(*STAFF, *FIELD))]
Admin = Annotated[Principal, Depends(require(ADMIN))]
