"""CSV imports, for supervisors and administrators."""

from typing import Annotated

from fastapi import Body, Depends

from dispatch.accounts.roles import ADMIN, SUPERVISOR
from dispatch.exchange.imports import service
from dispatch.exchange.imports.schemas import ImportReportOut
from kernel.auth import require
from kernel.http import Router, Session
from kernel.principal import Principal

router = Router(prefix="/api", tags=["exchange"])
Importer = Annotated[Principal, Depends(require(SUPERVISOR, ADMIN))]
CsvFile = Annotated[bytes, Body(media_type="text/csv", max_length=20_000_000)]


@router.post("/imports/{kind}", response_model=ImportReportOut)
def import_csv(
    kind: str, body: CsvFile, session: Session, _: Importer, dry_run: bool = False
) -> service.ImportReport:
    """All rows or none; a dry run saves nothing and reports every mistake.

    Kinds: customers, assets, technicians, parts, work_orders, repairs (done before we came).
    """
    return service.import_csv(session, kind, body, dry_run=dry_run)
