"""Writes entries into the ledger, each once, and takes them back by another entry."""

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import insert, select, tuple_
from sqlalchemy.dialects.postgresql import insert as insert_if_new
from sqlalchemy.orm import Session

from marketplace.ledger import queries
from marketplace.ledger.lifecycle import AccountKind, Line, Movement, checked
from marketplace.ledger.models import LedgerAccount, LedgerEntry, LedgerLine

Place = tuple[AccountKind, UUID | None]


def post(
    session: Session,
    movement: Movement,
    key: str,
    lines: Sequence[Line],
    currency: str,
    *,
    visit_id: UUID | None = None,
    subject_id: UUID | None = None,
    reverses_id: UUID | None = None,
) -> LedgerEntry | None:
    """Write the movement unless an entry of that key is there, and give it.

    None when nothing moves. Raises ValueError unless the lines add up to zero.
    """
    moving = checked(lines)
    if not moving:
        return None
    session.flush()
    entry: LedgerEntry | None = session.scalar(
        insert_if_new(LedgerEntry)
        .values(
            movement=movement,
            key=key,
            currency=currency,
            visit_id=visit_id,
            subject_id=subject_id,
            reverses_id=reverses_id,
            line_count=len(moving),
        )
        .on_conflict_do_nothing(index_elements=[LedgerEntry.key])
        .returning(LedgerEntry)
    )
    if entry is None:
        return queries.find_entry(session, key)
    accounts = _accounts(session, {(line.account, line.holder_id) for line in moving}, currency)
    session.execute(
        insert(LedgerLine),
        [
            {
                "entry_id": entry.id,
                "account_id": accounts[line.account, line.holder_id],
                "cents": line.cents,
            }
            for line in moving
        ],
    )
    return entry


def reverse(session: Session, entry: LedgerEntry) -> LedgerEntry | None:
    """Take an entry back by its opposite; once, however often it is asked for."""
    opposite = [
        Line(account.kind, -cents, account.holder_id)
        for _, account, cents in queries.lines_of(session, [entry.id])
    ]
    return post(
        session,
        Movement.REVERSE,
        f"reverse:{entry.id}",
        opposite,
        entry.currency,
        visit_id=entry.visit_id,
        subject_id=entry.subject_id,
        reverses_id=entry.id,
    )


def reverse_all(session: Session, subject_id: UUID) -> None:
    """Take back whatever was written about a payout or transfer, the newest first."""
    for entry in queries.unreversed_of(session, subject_id):
        reverse(session, entry)


def _accounts(session: Session, places: set[Place], currency: str) -> dict[Place, UUID]:
    """The ids of the accounts, which are opened where they are missing."""
    known = _known(session, places, currency)
    missing = sorted(places - known.keys(), key=str)
    if missing:
        session.execute(
            insert_if_new(LedgerAccount).on_conflict_do_nothing(),
            [
                {"kind": kind, "holder_id": holder_id, "currency": currency}
                for kind, holder_id in missing
            ],
        )
        known = _known(session, places, currency)
    return known


def _known(session: Session, places: set[Place], currency: str) -> dict[Place, UUID]:
    ours = {kind for kind, holder_id in places if holder_id is None}
    theirs = [place for place in places if place[1] is not None]
    rows = session.execute(
        select(LedgerAccount.kind, LedgerAccount.holder_id, LedgerAccount.id).where(
            LedgerAccount.currency == currency,
            (LedgerAccount.holder_id.is_(None) & LedgerAccount.kind.in_(ours))
            | tuple_(LedgerAccount.kind, LedgerAccount.holder_id).in_(theirs),
        )
    )
    return {(kind, holder_id): key for kind, holder_id, key in rows}
