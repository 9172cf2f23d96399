"""What was learned about durations, by work type, for the office."""

from dispatch.accounts.access import Office
from dispatch.scheduling.durations import queries
from dispatch.scheduling.durations.schemas import AccessOut, DurationsOut, TypeDurationOut
from kernel.http import Router, Session
from kernel.settings import settings

router = Router(prefix="/api/insights", tags=["insights"])


@router.get("/durations")
def durations(session: Session, _: Office) -> DurationsOut:
    """How long kinds of work and getting to it take; there is no such list of people."""
    return DurationsOut(
        mode=settings().learned_durations,
        work_types=[_shown(found) for found in queries.list_of_types(session)],
        access=[
            AccessOut(
                territory_id=row.territory_id,
                territory=name,
                p50_minutes=row.p50_minutes,
                p80_minutes=row.p80_minutes,
                visits=row.visits,
            )
            for name, row in queries.list_access(session)
            if row.territory_id is not None
        ],
    )


def _shown(found: queries.TypeDuration) -> TypeDurationOut:
    kind, learned = found.work_type, found.learned

    def minutes(percent: float | None) -> float | None:
        return None if percent is None else round(kind.expected_minutes * percent / 100, 1)

    return TypeDurationOut(
        work_type_id=kind.id,
        name=kind.name,
        standard_minutes=kind.expected_minutes,
        standard_p80_minutes=kind.p80_minutes,
        p50_minutes=minutes(learned.p50_pct if learned else None),
        p80_minutes=minutes(learned.p80_pct if learned else None),
        low_minutes=minutes(learned.low_pct if learned else None),
        high_minutes=minutes(learned.high_pct if learned else None),
        visits=learned.visits if learned else 0,
        learned_at=learned.learned_at if learned else None,
    )
