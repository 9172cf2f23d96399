"""What the day was worth: the figures of the closing table and of the JSON file."""

from dataclasses import asdict
from datetime import UTC, date, datetime, time
from typing import Any

from sqlalchemy import text
from sqlalchemy.orm import Session

from dispatch.insights.queries import day_figures
from dispatch.scheduling.arrivals.learning import share
from dispatch.scheduling.arrivals.queries import promises_since
from iot_ingest.learning.lifecycle import share as share_of
from iot_ingest.learning.queries import track_records
from iot_ingest.predictions.lifecycle import ModelStatus
from iot_ingest.predictions.models import TrainedModel
from iot_ingest.predictions.queries import list_rules_of, select_models
from server.demo import crowd

LEAST = {
    "visits completed": 250,
    "work orders from devices": 20,
    "bookings": 60,
    "accepted offers": 15,
    "illnesses": 1,
    "no-shows": 1,
    "races": 5,
    "alerts": 20,
    "faults confirmed": 5,
    "storms calmed": 1,
    "models at work": 1,
    "orders from a model": 5,
    "foretold faults confirmed": 2,
    "proofs run out": 1,
    "direct offers taken": 1,
    "pool offers taken": 1,
    "market offers taken": 1,
    "jobs taken in bundles": 2,
    "stand-bys earned": 1,
    "bargains of several proposals": 1,
    "expenses agreed to": 1,
    "disputes settled": 1,
    "transfers sent": 1,
}
"""What a full day must show at least; fewer means the demonstration did not work."""

OUTCOME = text("SELECT reason ->> 'code' FROM trainings WHERE model_id = :model")
ORDERS_OF_RULES = text(
    """
    SELECT o.number, a.opened_at,
           a.opened_at + make_interval(mins => a.predicted_minutes) AS lasts_until,
           o.due_at, o.status, o.completed_at, v.found
      FROM alerts a
      JOIN work_orders o ON o.id = a.work_order_id
      LEFT JOIN verdicts v ON v.alert_id = a.id
     WHERE a.rule_id = ANY (:rules ::uuid[])
     ORDER BY o.number
    """
)
"""`lasts_until` is what the alert said last: survived nine times in ten."""


def collect(session: Session, day: date, report: dict[str, Any]) -> dict[str, Any]:
    """`report` is what the city itself saw."""
    seen = day_figures(session, day)
    by_source = _counts(session, "SELECT source, count(*) FROM work_orders GROUP BY 1")
    visits = _counts(session, "SELECT status, count(*) FROM visits GROUP BY 1")
    offers = _counts(session, "SELECT status, count(*) FROM offers GROUP BY 1")
    jobs = _counts(session, "SELECT status, count(*) FROM job GROUP BY 1")
    return {
        "work_orders": by_source,
        "visits": visits,
        "offers": offers,
        "sla_met_pct": seen.sla_met_pct,
        "on_time_pct": seen.on_time_pct,
        "travel_min_per_visit": seen.travel_minutes_per_visit,
        "promises": _promises(session, day),
        "first_time_fix_pct": seen.first_time_fix_pct,
        "verdicts": _counts(
            session, "SELECT found, count(*) FROM verdicts GROUP BY 1 ORDER BY 2 DESC"
        ),
        "alerts": _counts(
            session,
            "SELECT coalesce(disposition, 'open'), count(*) FROM alerts GROUP BY 1 ORDER BY 2 DESC",
        ),
        "storms": _counts(
            session,
            "SELECT CASE WHEN ended_at IS NULL THEN 'running' ELSE 'calmed' END, count(*)"
            " FROM storms GROUP BY 1 ORDER BY 1",
        ),
        "models": _models(session),
        "crowd": crowd.figures(session, day),
        "p95_ms": report.get("p95_ms", {}),
        "jobs_left": jobs.get("waiting", 0) + jobs.get("running", 0) - _future_jobs(session),
        "dead_letters": jobs.get("dead", 0),
        "races": report.get("races", 0),
        "city": report.get("counts", {}),
        "refused": report.get("refused", {}),
    }


def reached(figures: dict[str, Any]) -> dict[str, int]:
    """The counts that `LEAST` speaks of."""
    city, models, crowd_seen = figures["city"], figures["models"], figures["crowd"]
    taken = crowd_seen["taken by kind"]
    return {
        "visits completed": figures["visits"].get("completed", 0),
        "work orders from devices": figures["work_orders"].get("iot", 0),
        "bookings": figures["work_orders"].get("booking", 0),
        "accepted offers": figures["offers"].get("accepted", 0),
        "illnesses": city.get("illness", 0),
        "no-shows": city.get("no-shows", 0),
        "races": figures["races"],
        "alerts": sum(figures["alerts"].values()),
        "faults confirmed": figures["verdicts"].get("true_fault", 0),
        "storms calmed": figures["storms"].get("calmed", 0),
        "models at work": sum(one["is_at_work"] for one in models),
        "orders from a model": sum(len(one["orders"]) for one in models),
        "foretold faults confirmed": sum(one["confirmed"] for one in models),
        "proofs run out": crowd_seen["proofs run out"]["people"],
        "direct offers taken": taken.get("direct", 0),
        "pool offers taken": taken.get("pool", 0),
        "market offers taken": taken.get("market", 0),
        "jobs taken in bundles": taken.get("bundle", 0),
        "stand-bys earned": crowd_seen["stand-bys"].get("ended", 0),
        "expenses agreed to": crowd_seen["pay changes"].get("expense approved", 0),
        "disputes settled": crowd_seen["disputes"].get("settled", 0),
        "transfers sent": crowd_seen["transfers"].get("sent", 0),
        "bargains of several proposals": sum(
            count
            for proposals, count in crowd_seen["proposals for one offer"].items()
            if int(proposals) > 1
        ),
    }


def _future_jobs(session: Session) -> int:
    """Jobs that wait for a later business time are not left over."""
    return int(
        session.execute(
            text("SELECT count(*) FROM job WHERE status = 'waiting' AND due_at > app_now()")
        ).scalar_one()
    )


def _promises(session: Session, day: date) -> str:
    """How many promised arrivals were kept, and between which shares that lies."""
    promised = promises_since(session, datetime.combine(day, time(), UTC))
    kept = sum(item.is_kept for item in promised)
    found = share(kept, len(promised))
    if found is None:
        return "none was due"
    return f"{kept} of {len(promised)} kept: {found.pct} % ({found.low} to {found.high})"


def _models(session: Session) -> list[dict[str, Any]]:
    """Each model that was trained: its card, what became of it, the orders of its rules with the
    time that is lasted nine times in ten, and what was found there."""
    models = session.scalars(select_models().order_by(TrainedModel.name, TrainedModel.number))
    return [_model(session, model) for model in models]


def _model(session: Session, model: TrainedModel) -> dict[str, Any]:
    is_at_work = model.status is ModelStatus.PROMOTED
    rules = [rule.id for rule in list_rules_of(session, model.name)] if is_at_work else []
    tallies = [record.tally for record in track_records(session, rules)] if rules else []
    confirmed = sum(tally.true_faults for tally in tallies)
    precision = share_of(confirmed, sum(tally.verdicts for tally in tallies))
    return {
        "model": f"{model.name}@{model.number}",
        "is_at_work": is_at_work,
        "outcome": session.scalar(OUTCOME, {"model": model.id}),
        "card": model.card,
        "orders": [
            dict(row) for row in session.execute(ORDERS_OF_RULES, {"rules": rules}).mappings()
        ],
        "confirmed": confirmed,
        "refuted": sum(tally.verdicts for tally in tallies) - confirmed,
        "precision": None if precision is None else asdict(precision),
    }


def _counts(session: Session, statement: str) -> dict[str, int]:
    return {str(key): int(count) for key, count in session.execute(text(statement))}
