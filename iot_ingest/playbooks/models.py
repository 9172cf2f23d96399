"""The decision table."""

from sqlalchemy import CheckConstraint, UniqueConstraint, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from iot_ingest.playbooks.lifecycle import FirstStep
from kernel.db import Record, enum_of


class Playbook(Record):
    """What is done about a fault class on assets of at least this criticality (1 to 5); the row
    with the highest one that fits counts.

    `remote_command` is tried first and waited for `retest_minutes`; then `first_step`. The
    customer may be offered to have it tried (`offers_remote`) and to ignore it (`offers_ignore`,
    never with danger). The work type brings skills, parts and duration.
    `failure_cents` is what a failure costs.
    """

    __tablename__ = "playbooks"
    __table_args__ = (
        UniqueConstraint("fault_class", "criticality"),
        CheckConstraint("criticality BETWEEN 1 AND 5", name="criticality_range"),
        CheckConstraint("retest_minutes > 0 AND floor_minutes >= 0", name="minutes_positive"),
        CheckConstraint("failure_cents >= 0", name="failure_not_negative"),
        CheckConstraint("NOT (offers_ignore AND danger)", name="danger_never_ignored"),
        CheckConstraint("parts_lead_hours >= 0", name="lead_not_negative"),
    )

    fault_class: Mapped[str]
    criticality: Mapped[int] = mapped_column(default=1)
    danger: Mapped[bool] = mapped_column(default=False, server_default=text("false"))
    """Whether the fault class threatens people: gas, CO, electricity."""
    remote_command: Mapped[str | None]
    retest_minutes: Mapped[int] = mapped_column(default=15)
    first_step: Mapped[FirstStep] = mapped_column(enum_of(FirstStep), default=FirstStep.MESSAGE)
    offers_remote: Mapped[bool] = mapped_column(default=False)
    offers_ignore: Mapped[bool] = mapped_column(default=True)
    work_type_code: Mapped[str | None]
    loan_work_type_code: Mapped[str | None]
    """Brings a loan device: its skills, minutes, and the part that is reserved."""
    collect_work_type_code: Mapped[str | None]
    """Fetches the loan device when the fault is over."""
    workaround: Mapped[dict[str, str] | None] = mapped_column(JSONB(none_as_null=True))
    """What customers can do meanwhile, per language, English among them."""
    floor_minutes: Mapped[int] = mapped_column(default=60)
    """Nothing is due sooner than this, however soon it may fail."""
    parts_lead_hours: Mapped[int] = mapped_column(default=0)
    failure_cents: Mapped[int] = mapped_column(default=0)
