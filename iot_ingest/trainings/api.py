"""HTTP: recipes of models, and their trainings."""

from typing import Annotated
from uuid import UUID

from fastapi import Query, Response

from dispatch.accounts.access import Manager, Planner
from iot_ingest.trainings import queries, service
from iot_ingest.trainings.models import Recipe, Training
from iot_ingest.trainings.schemas import RecipeIn, RecipeOut, TrainingOut
from kernel.db import get
from kernel.http import IfMatch, Page, Router, Session, ensure_version, paginate, set_etag
from kernel.shapes import page_of

router = Router(prefix="/api", tags=["predictions"])

Limit = Annotated[int, Query(ge=1, le=200)]


@router.get("/recipes")
def list_recipes(
    session: Session, _: Planner, cursor: str | None = None, limit: Limit = 50
) -> Page[RecipeOut]:
    found = paginate(session, queries.select_recipes(), Recipe.id, cursor, limit)
    return page_of(RecipeOut, found)


@router.post("/recipes", status_code=201)
def write_recipe(session: Session, _: Manager, body: RecipeIn, response: Response) -> RecipeOut:
    """What a model is trained from, how often, and whether it may go to work by itself."""
    return _answer(service.write(session, body.model_dump()), response)


@router.put("/recipes/{recipe_id}")
def rewrite_recipe(
    session: Session,
    _: Manager,
    recipe_id: UUID,
    if_match: IfMatch,
    body: RecipeIn,
    response: Response,
) -> RecipeOut:
    recipe = get(session, Recipe, recipe_id)
    ensure_version(recipe, if_match)
    return _answer(service.rewrite(session, recipe, body.model_dump()), response)


@router.post("/recipes/{recipe_id}/train", response_model=TrainingOut, status_code=202)
def train_now(session: Session, _: Planner, recipe_id: UUID) -> Training:
    """Done in the background; the one that is open, where there is one."""
    return service.ask(session, recipe_id)


@router.get("/trainings")
def list_trainings(
    session: Session,
    _: Planner,
    recipe_id: UUID | None = None,
    cursor: str | None = None,
    limit: Limit = 50,
) -> Page[TrainingOut]:
    """Newest first."""
    statement = queries.select_trainings(recipe_id)
    found = paginate(session, statement, Training.id, cursor, limit, newest_first=True)
    return page_of(TrainingOut, found)


@router.get("/trainings/{training_id}", response_model=TrainingOut)
def get_training(session: Session, _: Planner, training_id: UUID) -> Training:
    return get(session, Training, training_id)


@router.post("/trainings/{training_id}/cancel", response_model=TrainingOut)
def cancel_training(session: Session, _: Planner, training_id: UUID) -> Training:
    """It stops within a fifth of its backtest, and keeps nothing. Twice is once."""
    return service.cancel(session, training_id)


def _answer(recipe: Recipe, response: Response) -> RecipeOut:
    set_etag(response, recipe.version)
    return RecipeOut.model_validate(recipe)
