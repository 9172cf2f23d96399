"""Looking for addresses, for the office."""

from collections.abc import Sequence
from typing import Annotated

from fastapi import Query

from dispatch.accounts.access import Office
from dispatch.geocoding import service
from dispatch.geocoding.ports import Found
from dispatch.geocoding.schemas import FoundOut
from kernel.http import Router

router = Router(prefix="/api", tags=["geocoding"])


@router.get("/geocode", response_model=list[FoundOut])
def geocode(
    _: Office, address: Annotated[str, Query(min_length=3, max_length=300)]
) -> Sequence[Found]:
    """The places an address may mean, the best first; an empty list where it is not known."""
    return service.find(address)
