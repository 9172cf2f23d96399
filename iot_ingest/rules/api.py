"""HTTP: the rules that watch readings."""

from typing import Annotated
from uuid import UUID

from fastapi import Depends, Query, Response

from dispatch.accounts.roles import ADMIN, OFFICE, PLANNERS, SUPERVISOR
from iot_ingest.rules import dry_runs, queries, service
from iot_ingest.rules.models import Rule
from iot_ingest.rules.schemas import DryRunIn, DryRunOut, RuleIn, RuleOut, RulePatch
from kernel.auth import require
from kernel.db import get
from kernel.http import IfMatch, Page, Router, Session, ensure_version, paginate, set_etag
from kernel.principal import Principal

router = Router(prefix="/api/rules", tags=["rules"])

Office = Annotated[Principal, Depends(require(*OFFICE))]
Planner = Annotated[Principal, Depends(require(*PLANNERS))]
RuleAuthor = Annotated[Principal, Depends(require(SUPERVISOR, ADMIN))]


@router.get("")
def list_rules(
    session: Session,
    office: Office,
    active: bool | None = None,
    cursor: str | None = None,
    limit: Annotated[int, Query(ge=1, le=200)] = 50,
) -> Page[RuleOut]:
    rows, following = paginate(session, queries.select_rules(active), Rule.id, cursor, limit)
    return Page(items=[RuleOut.model_validate(rule) for rule in rows], next_cursor=following)


@router.get("/{rule_id}")
def get_rule(session: Session, office: Office, rule_id: UUID, response: Response) -> RuleOut:
    return _answer(get(session, Rule, rule_id), response)


@router.post("", status_code=201)
def define_rule(session: Session, author: RuleAuthor, body: RuleIn, response: Response) -> RuleOut:
    return _answer(service.define(session, body.model_dump()), response)


@router.post("/dry-run")
def try_rule(session: Session, planner: Planner, body: DryRunIn) -> DryRunOut:
    """How often the rule would have fired on stored history; nothing is kept."""
    return DryRunOut.model_validate(
        dry_runs.try_on_history(session, body.rule.model_dump(), body.days)
    )


@router.patch("/{rule_id}")
def change_rule(
    session: Session,
    author: RuleAuthor,
    rule_id: UUID,
    if_match: IfMatch,
    body: RulePatch,
    response: Response,
) -> RuleOut:
    rule = get(session, Rule, rule_id)
    ensure_version(rule, if_match)
    return _answer(service.change(session, rule, body.changes()), response)


@router.post("/{rule_id}/trust")
def trust_rule(session: Session, author: RuleAuthor, rule_id: UUID, response: Response) -> RuleOut:
    """Take a rule out of triage; verdicts count from now on."""
    return _answer(service.trust(session, rule_id), response)


def _answer(rule: Rule, response: Response) -> RuleOut:
    set_etag(response, rule.version)
    return RuleOut.model_validate(rule)
