"""What work orders need from slices to the right: how long a visit will take."""

from typing import Protocol

from sqlalchemy.orm import Session

from dispatch.customers.models import Site
from dispatch.work_orders.models import WorkType
from kernel.ports import Port


class DurationRule(Protocol):
    def __call__(self, session: Session, work_type: WorkType, site: Site) -> tuple[int, int]:
        """Minutes on site, usually and rarely exceeded."""


duration_rule: Port[DurationRule] = Port("work_orders.duration_rule")
