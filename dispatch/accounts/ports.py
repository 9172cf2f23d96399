"""What accounts need from packages above: codes carried to people, customers behind addresses."""

from typing import Protocol
from uuid import UUID

from sqlalchemy.orm import Session

from dispatch.accounts.addresses import Address
from kernel.ports import Port


class CodeSender(Protocol):
    def send_code(self, session: Session, address: Address, code: str, locale: str) -> None:
        """Bring a one-time code to its owner, and keep it out of logs, events and audit rows."""


class SubjectDirectory(Protocol):
    def customer_for(
        self, session: Session, address: Address, name: str | None, locale: str
    ) -> UUID:
        """The customer who is reached at a proven address; a new one when there is none."""


code_sender: Port[CodeSender] = Port("accounts.code_sender")
subject_directory: Port[SubjectDirectory] = Port("accounts.subject_directory")
