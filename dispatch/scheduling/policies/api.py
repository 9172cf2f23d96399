"""Looking at policies, making versions, and putting them in force."""

from collections.abc import Sequence
from uuid import UUID

from dispatch.accounts.access import Manager, Office
from dispatch.scheduling.policies import queries, service
from dispatch.scheduling.policies.models import Policy
from dispatch.scheduling.policies.rules import Rules, differing
from dispatch.scheduling.policies.schemas import PolicyIn, PolicyOut, RuleDifference
from kernel.http import Router, Session

router = Router(prefix="/api/policies", tags=["policies"])


@router.get("", response_model=list[PolicyOut])
def list_policies(
    session: Session, _: Office, name: str | None = None, territory_id: UUID | None = None
) -> Sequence[Policy]:
    """Every version, by name, the newest first."""
    return queries.list_policies(session, name=name, territory_id=territory_id)


@router.post("", response_model=PolicyOut, status_code=201)
def create_policy_version(session: Session, _: Manager, wanted: PolicyIn) -> Policy:
    """A draft: nothing follows it until it is put in force."""
    rules = Rules(**wanted.rules.given())
    return service.create_version(
        session, wanted.name, rules, territory_id=wanted.territory_id, note=wanted.note
    )


@router.get("/{policy_id}", response_model=PolicyOut)
def get_policy(session: Session, _: Office, policy_id: UUID) -> Policy:
    return queries.get_policy(session, policy_id)


@router.get("/{policy_id}/difference", response_model=list[RuleDifference])
def compare_policies(
    session: Session, _: Office, policy_id: UUID, to: UUID | None = None
) -> list[RuleDifference]:
    """The rules that differ `to` another version, or to the one in force where this would hold."""
    before, after = queries.pair(session, policy_id, to)
    return [
        RuleDifference(rule=rule, before=first, after=second)
        for rule, (first, second) in differing(before.rules, after.rules).items()
    ]


@router.post("/{policy_id}/activate", response_model=PolicyOut)
def activate_policy(session: Session, _: Manager, policy_id: UUID) -> Policy:
    """Put a version in force at once; the one before is retired and can be put back."""
    return service.activate(session, policy_id)


@router.post("/{policy_id}/retire", response_model=PolicyOut)
def retire_policy(session: Session, _: Manager, policy_id: UUID) -> Policy:
    """Give up a draft, or have the policy for the rest hold in this territory again."""
    return service.retire(session, policy_id)
