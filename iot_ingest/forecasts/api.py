"""HTTP: what models say of an asset."""

from uuid import UUID

from dispatch.accounts.access import Office
from iot_ingest.devices.queries import ensure_asset
from iot_ingest.forecasts import queries
from iot_ingest.forecasts.schemas import ForecastOut
from kernel.http import Router, Session

router = Router(prefix="/api", tags=["predictions"])


@router.get("/assets/{asset_id}/forecasts")
def list_forecasts(session: Session, _: Office, asset_id: UUID) -> list[ForecastOut]:
    """The last one of each model."""
    ensure_asset(session, asset_id)
    found = queries.latest_of_asset(session, asset_id)
    return [ForecastOut.model_validate(forecast) for forecast in found]
