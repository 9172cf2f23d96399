"""Who changed what, when and why: append-only rows written by triggers, sealed into a chain."""

import hashlib
import hmac
import json
from collections.abc import Collection
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import BigInteger, Identity, LargeBinary, func, insert, select, text
from sqlalchemy.orm import Mapped, Session, mapped_column

from kernel.db import Base, Record
from kernel.jobs import every
from kernel.settings import settings

LATE_IDS = 5_000
"""Entries may be committed behind so many with higher ids."""


class AuditEntry(Base):
    """One change of one record; `changes` maps a column to [before, after]."""

    __tablename__ = "audit_entry"

    id: Mapped[int] = mapped_column(BigInteger, Identity(always=True), primary_key=True)
    at: Mapped[datetime] = mapped_column(server_default=text("app_now()"))
    written_at: Mapped[datetime] = mapped_column(server_default=text("clock_timestamp()"))
    actor: Mapped[str]
    why: Mapped[str | None]
    device_at: Mapped[datetime | None]
    request_id: Mapped[str | None]
    table_name: Mapped[str]
    record_id: Mapped[UUID] = mapped_column(index=True)
    record_version: Mapped[int]
    action: Mapped[str]
    changes: Mapped[dict[str, Any]]


class AuditSeal(Base):
    """A link of the chain: the entries it covers, their hash with the link before, and a signature.

    `entry_ids` lists the entries, because ids are given before commit and may arrive late.
    """

    __tablename__ = "audit_seal"

    id: Mapped[int] = mapped_column(BigInteger, Identity(always=True), primary_key=True)
    sealed_at: Mapped[datetime] = mapped_column(server_default=text("clock_timestamp()"))
    digest: Mapped[bytes] = mapped_column(LargeBinary)
    signature: Mapped[bytes] = mapped_column(LargeBinary)


class AuditSealed(Base):
    """Which link covers an entry."""

    __tablename__ = "audit_sealed"

    entry_id: Mapped[int] = mapped_column(BigInteger, primary_key=True)
    seal_id: Mapped[int] = mapped_column(BigInteger, index=True)


def history(session: Session, record_id: UUID) -> list[AuditEntry]:
    """Every change of one record, oldest first."""
    return list(
        session.scalars(
            select(AuditEntry).where(AuditEntry.record_id == record_id).order_by(AuditEntry.id)
        )
    )


def last_entry(session: Session) -> int:
    """The highest id so far; lower ones may still be committed."""
    return session.scalar(select(func.max(AuditEntry.id))) or 0


def entries_since(
    session: Session, entry_id: int, models: Collection[type[Record]]
) -> dict[str, int]:
    """How many changes of each of these tables are known behind that entry and `LATE_IDS` before
    it; none of a table that is not named.

    A number grows with every change that is committed, in whatever order.
    """
    rows = session.execute(
        select(AuditEntry.table_name, func.count())
        .where(
            AuditEntry.id > entry_id - LATE_IDS,
            AuditEntry.table_name.in_([model.__tablename__ for model in models]),
        )
        .group_by(AuditEntry.table_name)
    )
    return {str(name): int(entries) for name, entries in rows}


@every(timedelta(seconds=5), name="kernel.seal_audit", time="real")
def seal_on_tick(session: Session, due_at: datetime) -> None:
    seal(session)


def seal(session: Session, batch: int = 20_000) -> int:
    """Chain the entries that have no link yet; gives how many were sealed."""
    session.execute(text("SELECT pg_advisory_xact_lock(hashtext('firstfix.audit_seal'))"))
    entries = list(
        session.scalars(
            select(AuditEntry)
            .outerjoin(AuditSealed, AuditSealed.entry_id == AuditEntry.id)
            .where(AuditSealed.entry_id.is_(None), AuditEntry.id > _sealed_floor(session))
            .order_by(AuditEntry.id)
            .limit(batch)
        )
    )
    if not entries:
        return 0
    previous = session.scalar(select(AuditSeal.digest).order_by(AuditSeal.id.desc()).limit(1))
    digest = _digest(previous or b"", entries)
    link = AuditSeal(digest=digest, signature=_sign(digest))
    session.add(link)
    session.flush()
    session.execute(
        insert(AuditSealed),
        [{"entry_id": entry.id, "seal_id": link.id} for entry in entries],
    )
    return len(entries)


def verify_chain(session: Session) -> list[int]:
    """The ids of links whose entries, order or signature do not match any more."""
    broken = []
    previous = b""
    for link in session.scalars(select(AuditSeal).order_by(AuditSeal.id)):
        entries = list(
            session.scalars(
                select(AuditEntry)
                .join(AuditSealed, AuditSealed.entry_id == AuditEntry.id)
                .where(AuditSealed.seal_id == link.id)
                .order_by(AuditEntry.id)
            )
        )
        digest = _digest(previous, entries)
        if digest != link.digest or not hmac.compare_digest(_sign(link.digest), link.signature):
            broken.append(link.id)
        previous = link.digest
    return broken


def _sealed_floor(session: Session) -> int:
    # Transactions that commit late leave gaps; a generous look-back finds them.
    highest = session.scalar(select(func.max(AuditSealed.entry_id))) or 0
    return max(0, highest - 100_000)


def _digest(previous: bytes, entries: list[AuditEntry]) -> bytes:
    whole = hashlib.sha256(previous)
    for entry in entries:
        line = [
            entry.id,
            entry.at.isoformat(),
            entry.written_at.isoformat(),
            entry.actor,
            entry.why,
            entry.device_at.isoformat() if entry.device_at else None,
            entry.request_id,
            entry.table_name,
            str(entry.record_id),
            entry.record_version,
            entry.action,
            entry.changes,
        ]
        whole.update(json.dumps(line, sort_keys=True, default=str).encode())
    return whole.digest()


def _sign(digest: bytes) -> bytes:
    return hmac.digest(settings().secret_key.encode(), digest, "sha256")
