"""The export of everything, for administrators."""

from collections.abc import Iterator

from fastapi.responses import StreamingResponse

from dispatch.accounts.access import Admin
from dispatch.exchange.exports import queries
from kernel.db import transaction
from kernel.http import Router
from kernel.principal import Principal

router = Router(prefix="/api", tags=["exchange"])


@router.get("/exports", response_class=StreamingResponse)
def export_everything(principal: Admin) -> StreamingResponse:
    """Every row as one line of JSON, {"table", "row"}; secrets are left out."""
    return StreamingResponse(_stream(principal), media_type="application/jsonl")


def _stream(principal: Principal) -> Iterator[str]:
    # the request's own transaction is over before the first line is sent
    with transaction(principal, why="export") as session:
        yield from queries.lines(session)
