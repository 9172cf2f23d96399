"""What keeps somebody from work: a suspension, a proof that everybody of an employment needs."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime

from dispatch.technicians.lifecycle import CredentialStatus
from dispatch.technicians.models import Credential, Technician

NEVER = datetime.min.replace(tzinfo=UTC)


@dataclass(frozen=True)
class Clearance:
    """Work that ends by `until` may be given, any work where None; then `code` says why not."""

    until: datetime | None = None
    code: str = ""
    sentence: str = ""

    def covers(self, ends_at: datetime) -> bool:
        return self.until is None or ends_at <= self.until


CLEARED = Clearance()


def clearance_of(
    technician: Technician, credentials: Iterable[Credential], required: Mapping[str, str]
) -> Clearance:
    """`required` names the kinds that this employment needs; the first to end decides."""
    if technician.suspended_at is not None:
        return Clearance(NEVER, "suspended", "Is suspended.")
    held = valid_until(credentials)
    missing = sorted(required.keys() - held.keys())
    if missing:
        name = required[missing[0]]
        return Clearance(NEVER, "proof_missing", f"Has no valid proof: {name}.")
    ends = [(held[kind], name) for kind, name in required.items()]
    ending = sorted((until, name) for until, name in ends if until is not None)
    if not ending:
        return CLEARED
    until, name = ending[0]
    return Clearance(until, "proof_ends", f"The proof ends before the work does: {name}.")


def valid_until(credentials: Iterable[Credential]) -> dict[str, datetime | None]:
    """By kind, when the longest valid credential ends; None for never."""
    found: dict[str, datetime | None] = {}
    for one in credentials:
        if one.status is not CredentialStatus.VALID:
            continue
        before, ends = found.get(one.kind, one.expires_at), one.expires_at
        found[one.kind] = None if before is None or ends is None else max(before, ends)
    return found


def lacking(
    credentials: Iterable[Credential], required: Collection[str], at: datetime
) -> list[str]:
    """The required kinds that are not proven at a moment, in order."""
    held = valid_until(credentials)
    return sorted(
        kind
        for kind in required
        if kind not in held or ((until := held[kind]) is not None and until <= at)
    )
