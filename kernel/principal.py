"""Who acts: an account with its roles and the record it stands for."""

from dataclasses import dataclass, field
from uuid import UUID


@dataclass(frozen=True)
class Principal:
    """One acting party.

    `account_id` is the sign-in, `subject_id` the technician, customer, provider or device
    record behind it. Role names are opaque here; `dispatch.accounts` owns them.
    """

    account_id: UUID | None = None
    subject_id: UUID | None = None
    roles: frozenset[str] = field(default_factory=frozenset)
    name: str = ""
    only_record: UUID | None = None
    """A signed link reaches this one record and nothing else."""

    @property
    def actor(self) -> str:
        """How audit rows and idempotency keys name this party."""
        role = sorted(self.roles)[0] if self.roles else "anybody"
        key = self.account_id or self.subject_id
        return f"{role}:{key}" if key else self.name or role

    def has(self, *roles: str) -> bool:
        return not self.roles.isdisjoint(roles)


SYSTEM = Principal(name="system")
ANYBODY = Principal(name="anybody")
