"""Where travel times come from, for the office; its factors, set by planners."""

from uuid import UUID

from dispatch.accounts.access import Office, Planner
from dispatch.travel import queries, service
from dispatch.travel.lifecycle import Hours
from dispatch.travel.models import TravelFactor
from dispatch.travel.schemas import FactorIn, TravelFactorOut, TravelOut
from dispatch.travel.times import travel_times
from kernel.http import Router, Session

router = Router(prefix="/api", tags=["travel"])


@router.get("/travel")
def travel(session: Session, _: Office) -> TravelOut:
    """The source of travel times, whether it answers, and by how much trips differ from it."""
    times = travel_times()
    return TravelOut(
        source=times.source,
        degraded=times.is_degraded,
        factors=[
            TravelFactorOut.model_validate(row)
            for row in queries.list_factors(session, times.source)
        ],
    )


@router.put("/territories/{territory_id}/travel-factors/{hours}", response_model=TravelFactorOut)
def configure_factor(
    territory_id: UUID, hours: Hours, body: FactorIn, session: Session, _: Planner
) -> TravelFactor:
    """A factor that is known better than learned; it wins until it is taken back with null."""
    return service.configure_factor(session, territory_id, hours, body.factor)
