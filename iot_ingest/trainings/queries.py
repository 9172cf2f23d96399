"""Every SELECT on recipes and trainings."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import Select, func, select
from sqlalchemy.orm import Session

from dispatch.assets.models import Asset
from dispatch.work_orders.lifecycle import DONE_WORK_ORDERS
from dispatch.work_orders.models import WorkOrder
from iot_ingest.trainings.lifecycle import OPEN_TRAININGS, TrainingStatus
from iot_ingest.trainings.models import Recipe, Training


def select_recipes() -> Select[Recipe]:
    return select(Recipe)


def select_trainings(recipe_id: UUID | None = None) -> Select[Training]:
    found = select(Training)
    return found if recipe_id is None else found.where(Training.recipe_id == recipe_id)


def find_by_name(session: Session, name: str) -> Recipe | None:
    return session.scalar(select(Recipe).where(Recipe.name == name))


def list_active(session: Session) -> list[Recipe]:
    return list(session.scalars(select(Recipe).where(Recipe.active).order_by(Recipe.name)))


def find_open(session: Session, recipe_id: UUID) -> Training | None:
    statement = select_trainings(recipe_id).where(Training.status.in_(OPEN_TRAININGS))
    return session.scalar(statement)


def last_asked(
    session: Session, recipe_id: UUID, status: TrainingStatus | None = None
) -> datetime | None:
    """When the last training by the recipe was asked for; of those in that status."""
    statement = select(func.max(Training.created_at)).where(Training.recipe_id == recipe_id)
    if status is not None:
        statement = statement.where(Training.status == status)
    return session.scalar(statement)


def count_repairs(session: Session, recipe: Recipe, since: datetime | None) -> int:
    """Faults seen to since then on what the recipe learns from, those too that turned out none."""
    statement = (
        select(func.count())
        .select_from(WorkOrder)
        .join(Asset, Asset.id == WorkOrder.asset_id)
        .where(
            Asset.model.in_(recipe.asset_models),
            WorkOrder.fault_class.is_not(None),
            WorkOrder.status.in_(DONE_WORK_ORDERS),
        )
    )
    if recipe.fault_class is not None:
        statement = statement.where(WorkOrder.fault_class == recipe.fault_class)
    if since is not None:
        statement = statement.where(WorkOrder.completed_at > since)
    return session.scalar(statement) or 0


def ids_stuck_since(session: Session, moment: datetime) -> list[UUID]:
    """Open trainings that have not gone on since then."""
    statement = select(Training.id).where(
        Training.status.in_(OPEN_TRAININGS), Training.updated_at < moment
    )
    return list(session.scalars(statement.order_by(Training.id)))
