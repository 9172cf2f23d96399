"""What follows when an accepted visit falls through: planning looks for the smallest change."""

from sqlalchemy.orm import Session

from dispatch.scheduling import service as scheduling
from kernel.jobs import on
from kernel.settings import settings
from marketplace.events import FreelancerBackedOut, FreelancerNoShow


def plan_again(session: Session, event: FreelancerBackedOut | FreelancerNoShow) -> None:
    if settings().optimizer_enabled and event.territory_id is not None:
        scheduling.request_repair(
            session, event.territory_id, [event.visit_id], trigger="backed_out"
        )


for _event in (FreelancerBackedOut, FreelancerNoShow):
    on(_event, name=f"marketplace.plan_again_{_event.__name__}")(plan_again)
