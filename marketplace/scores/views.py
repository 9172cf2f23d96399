"""Puts a score into its shape."""

from uuid import UUID

from sqlalchemy.orm import Session

from marketplace.scores import queries, service
from marketplace.scores.schemas import ScoreChangeShown, ScoreFactShown, ScoreShown


def score_shown(session: Session, technician_id: UUID) -> ScoreShown:
    changes = queries.list_changes(session, technician_id)
    facts = queries.list_facts(session, technician_id)
    return ScoreShown(
        technician_id=technician_id,
        points=service.points_of(session, technician_id),
        changes=[ScoreChangeShown.model_validate(row) for row in changes],
        facts=[ScoreFactShown.model_validate(row) for row in facts],
    )
