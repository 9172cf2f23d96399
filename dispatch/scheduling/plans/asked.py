"""What a plan says of a visit that it leaves to freelancers, as data."""

from typing import Any

from dispatch.scheduling.problems.build import Built
from optimizer.crowd import Asked


def asked_to_json(built: Built, asked: Asked | None) -> dict[str, Any] | None:
    """Who is asked first, at what pay, how likely it gets done and known when; who of one's own
    stands behind them. Without a backup the date stays to be confirmed by `confirm_by`."""
    if asked is None:
        return None
    backup = asked.backup
    return {
        "starts_at": built.epoch.time(asked.start).isoformat(),
        "done_pct": asked.done_pct,
        "confirm_by": built.epoch.time(asked.confirm_by).isoformat(),
        "is_firm": asked.is_firm,
        "is_uncovered": asked.is_uncovered,
        "offers": [
            {
                "technician_id": offer.technician_id,
                "pay_cents": offer.pay_cents,
                "accept_pct": offer.accept_pct,
                "show_pct": offer.show_pct,
                "answer_seconds": offer.answer_seconds,
            }
            for offer in asked.offers
        ],
        "backup": None
        if backup is None
        else {
            "technician_id": backup.technician_id,
            "starts_at": built.epoch.time(backup.start).isoformat(),
            "ends_at": built.epoch.time(backup.end).isoformat(),
            "cents": backup.cents,
        },
    }


def share_to_json(built: Built, name: str | None) -> dict[str, Any] | None:
    """Which share of freelancers is used up, so that none of them is asked."""
    if name is None:
        return None
    share = built.bounds[name]
    return {"name": share.name, "pct": share.pct, "days": share.days, "sentence": share.sentence}
