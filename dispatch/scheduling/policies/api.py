"""Looking at dispatch policies and setting them."""

from collections.abc import Sequence

from dispatch.accounts.access import Office, Planner
from dispatch.scheduling.policies import queries, service
from dispatch.scheduling.policies.models import DispatchPolicy
from dispatch.scheduling.policies.schemas import PolicyIn, PolicyOut
from kernel.http import Router, Session

router = Router(prefix="/api/dispatch-policies", tags=["schedule"])


@router.get("", response_model=list[PolicyOut])
def list_policies(session: Session, _: Office) -> Sequence[DispatchPolicy]:
    """Where none is set, visits go out two hours before the technician must leave."""
    return queries.list_policies(session)


@router.put("", response_model=PolicyOut)
def set_policy(session: Session, _: Planner, wanted: PolicyIn) -> DispatchPolicy:
    """Set the policy of a territory, or of all that have none of their own."""
    return service.set_policy(session, **wanted.model_dump())
