"""HTTP for the terms that freelancers agree to."""

from collections.abc import Sequence

from dispatch.accounts.access import Manager, Worker
from kernel.http import Router, SeenVersion, Session
from marketplace.terms import queries, service
from marketplace.terms.models import Terms
from marketplace.terms.schemas import TermsIn, TermsOut

router = Router(prefix="/api/terms", tags=["crowd"])


@router.get("", response_model=list[TermsOut])
def list_terms(_: Worker, session: Session) -> Sequence[Terms]:
    """Newest first."""
    return queries.list_terms(session)


@router.post("", response_model=TermsOut, status_code=201)
def publish_terms(body: TermsIn, seen: SeenVersion, _: Manager, session: Session) -> Terms:
    """The next version; freelancers who have not agreed once it binds are not asked. `If-Match`
    is the number of the newest one that was read."""
    return service.publish_terms(session, **body.model_dump(), after=seen)
