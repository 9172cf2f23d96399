"""What certificates need from whoever keeps the authority's key."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Protocol

from kernel.ports import Port
from kernel.x509 import Request, Signed


class DeviceAuthority(Protocol):
    """Signs the certificates of devices; the broker trusts nobody else."""

    @property
    def pem(self) -> str: ...

    def sign(self, request: Request, name: str, now: datetime, life: timedelta) -> Signed: ...

    def revocation_list(self, serials: Iterable[tuple[str, datetime]], now: datetime) -> str: ...


device_authority: Port[DeviceAuthority | None] = Port("certificates.device_authority")
device_authority.wire(None)
