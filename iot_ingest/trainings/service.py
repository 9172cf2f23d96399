"""Every write of trainings: recipes, asking for trainings, doing them, and what they come to."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session

from iot_ingest.events import TrainingRequested
from iot_ingest.forecasts.subjects import Subject
from iot_ingest.forecasts.training import Learned
from iot_ingest.predictions import service as models
from iot_ingest.predictions.lifecycle import ModelKind
from iot_ingest.predictions.models import TrainedModel
from iot_ingest.predictions.queries import find_promoted
from iot_ingest.trainings import queries
from iot_ingest.trainings.comparisons import Live
from iot_ingest.trainings.kinds import CRAFTS
from iot_ingest.trainings.lifecycle import (
    OPEN_TRAININGS,
    TRAINING,
    Outcome,
    Promotion,
    TrainingStatus,
    TrainingStep,
    outcome_of,
    told,
)
from iot_ingest.trainings.models import Recipe, Training
from kernel import clock, db
from kernel.db import get, locked, present_actor, transaction
from kernel.errors import Conflict, DomainError, Invalid
from kernel.events import publish
from kernel.principal import SYSTEM

WHY = "training"
STUCK = timedelta(days=1)
TRAININGS_STOPPED = "It stopped half-way."


class _StoppedError(Exception):
    """Somebody cancelled the training, or another worker has ended it."""


def write(session: Session, fields: Mapping[str, Any]) -> Recipe:
    """A new recipe. Raises Conflict `recipe_exists`, Invalid `metrics_missing`, and what
    `ensure_name` raises."""
    if queries.find_by_name(session, fields["name"]) is not None:
        raise Conflict("There is a recipe of this name.", code="recipe_exists")
    return db.write(session, Recipe(), fields, _ensure_sound)


def rewrite(session: Session, recipe: Recipe, fields: Mapping[str, Any]) -> Recipe:
    """All fields anew, its name and kind as they were. Raises Invalid `recipe_fixed`."""
    if (recipe.name, recipe.kind) != (fields["name"], fields["kind"]):
        raise Invalid("A recipe keeps its name and kind.", code="recipe_fixed")
    return db.write(session, recipe, fields, _ensure_sound)


def ask_for_due(session: Session) -> list[Training]:
    """Ask for those whose days have passed, where enough was repaired since the last that learned
    something."""
    asked, now = [], clock.now(session)
    for recipe in queries.list_active(session):
        last = queries.last_asked(session, recipe.id)
        is_due = last is None or (now.date() - last.date()).days >= recipe.every_days
        learned = queries.last_asked(session, recipe.id, TrainingStatus.DONE)
        if is_due and queries.count_repairs(session, recipe, learned) >= recipe.fewest_new:
            asked.append(ask(session, recipe.id))
    return asked


def ask(session: Session, recipe_id: UUID) -> Training:
    """A training in the background; the one that is open, where there is one."""
    (recipe,) = locked(session, Recipe, [recipe_id])
    found = queries.find_open(session, recipe.id)
    if found is not None:
        return found
    training = Training(recipe_id=recipe.id, requested_by=present_actor(session))
    session.add(training)
    session.flush()
    publish(session, TrainingRequested(training_id=training.id))
    return training


def cancel(session: Session, training_id: UUID) -> Training:
    """Whoever does it stops when it next looks. Twice is once; one that has ended stays as it is.
    Raises Conflict `illegal_move` for that."""
    (training,) = locked(session, Training, [training_id])
    if training.status is not TrainingStatus.CANCELLED:
        _end(session, training, TrainingStatus.CANCELLED)
    return training


def give_up_stuck(session: Session) -> None:
    """What has not gone on for a day never will."""
    for training_id in queries.ids_stuck_since(session, clock.now(session) - STUCK):
        fail(session, training_id, TRAININGS_STOPPED)


def fail(session: Session, training_id: UUID, message: str) -> None:
    (training,) = locked(session, Training, [training_id])
    if training.status in OPEN_TRAININGS:
        training.reason = told(Outcome.NO_MODEL, message=message)
        _end(session, training, TrainingStatus.FAILED)


@dataclass(frozen=True, slots=True)
class _Work:
    """What is learned from, and what the candidate is compared with."""

    kind: ModelKind
    subject: Subject
    cases: list[Any]
    live: Live | None
    live_id: UUID | None


def run(training_id: UUID) -> None:
    """Read, learn, compare, keep. Safe to repeat, and to do twice at once: one keeps its model."""
    work = _begin(training_id)
    if work is None:
        return
    try:
        learned = _learn(training_id, work)
        with transaction(SYSTEM, why=WHY) as session:
            _keep(session, training_id, work, learned)
    except _StoppedError:
        return
    except (DomainError, ValueError) as error:
        with transaction(SYSTEM, why=WHY) as session:
            fail(session, training_id, str(error))


def _begin(training_id: UUID) -> _Work | None:
    """None when somebody has cancelled it meanwhile, or it has ended."""
    with transaction(SYSTEM, why=WHY) as session:
        (training,) = locked(session, Training, [training_id])
        if training.status not in OPEN_TRAININGS:
            return None
        if training.status is TrainingStatus.WAITING:
            _move(training, TrainingStatus.RUNNING)
        training.step, training.progress = TrainingStep.READING, 0.0
        session.flush()
    with transaction(SYSTEM, why=WHY) as session:
        recipe = get(session, Recipe, get(session, Training, training_id).recipe_id)
        subject = subject_of(recipe)
        cases = CRAFTS[recipe.kind].read(session, recipe.asset_models, subject)
        promoted = find_promoted(session, recipe.name)
        if promoted is None:
            return _Work(recipe.kind, subject, cases, None, None)
        live = Live(promoted.content, promoted.created_at)
        return _Work(recipe.kind, subject, cases, live, promoted.id)


def subject_of(recipe: Recipe) -> Subject:
    cycle = timedelta(minutes=recipe.cycle_minutes)
    return Subject(tuple(recipe.metrics), cycle, recipe.fault_class)


def _learn(training_id: UUID, work: _Work) -> Learned:
    """The candidate, with the comparison on its card."""
    craft = CRAFTS[work.kind]
    live = work.live if work.live and work.live.foretells(work.kind, work.subject) else None
    parts = craft.folds if live is None else 2 * craft.folds
    labels, done = craft.count(work.cases), 0

    def at(step: TrainingStep) -> Callable[[], None]:
        def after_fold() -> None:
            nonlocal done
            done += 1
            _tell(training_id, step, min(1.0, done / parts), labels)

        return after_fold

    _tell(training_id, TrainingStep.BACKTEST, 0.0, labels)
    learned = craft.learn(work.cases, work.subject, after_fold=at(TrainingStep.BACKTEST))
    if live is None:
        return learned
    compared = craft.compare(
        work.cases, work.subject, learned, live, after_fold=at(TrainingStep.COMPARISON)
    )
    return Learned(learned.content, {**learned.card, "comparison": compared})


def _tell(training_id: UUID, step: TrainingStep, progress: float, labels: int) -> None:
    """How far it is. Raises _StoppedError when it is not to go on."""
    with transaction(SYSTEM, why=WHY) as session:
        (training,) = locked(session, Training, [training_id])
        if training.status is not TrainingStatus.RUNNING:
            raise _StoppedError
        training.step, training.progress, training.labels = step, progress, labels
        session.flush()


def _keep(session: Session, training_id: UUID, work: _Work, learned: Learned) -> None:
    (training,) = locked(session, Training, [training_id])
    if training.status is not TrainingStatus.RUNNING:
        raise _StoppedError
    recipe = get(session, Recipe, training.recipe_id)
    model = models.keep(session, recipe.name, work.kind, learned.content, learned.card)
    training.model_id, training.progress = model.id, 1.0
    training.reason = _settle(session, model, recipe.promotion, work.live_id)
    _end(session, training, TrainingStatus.DONE)


def _settle(
    session: Session, model: TrainedModel, promotion: Promotion, compared_with: UUID | None
) -> dict[str, Any]:
    """Where another model went to work meanwhile, the comparison says nothing of it."""
    models.hold_promotions(session, model.name)
    at_work = find_promoted(session, model.name)
    is_other = at_work is not None and at_work.id != compared_with
    card = {**model.card, "comparison": {}} if is_other else model.card
    outcome, figures = outcome_of(card, has_live=at_work is not None, promotion=promotion)
    if outcome is Outcome.PROMOTED:
        models.promote(session, model)
    return told(outcome, figures)


def _end(session: Session, training: Training, to: TrainingStatus) -> None:
    now = clock.now(session)
    _move(training, to)
    training.finished_at = now
    session.flush()


def _move(training: Training, to: TrainingStatus) -> None:
    TRAINING.check(training.status, to)
    training.status = to


def _ensure_sound(session: Session, recipe: Recipe) -> None:
    models.ensure_name(recipe.name)
    if not recipe.metrics and recipe.kind is not ModelKind.REPAIRS:
        raise Invalid("Say what is measured.", code="metrics_missing")
