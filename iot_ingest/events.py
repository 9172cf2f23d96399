"""What iot_ingest tells the rest: facts about alerts, ids only."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from kernel.events import Event


@dataclass(frozen=True, kw_only=True)
class DevicePresenceChanged(Event):
    """A device said that it is there, or its last will that it is gone."""

    device_id: UUID
    online: bool


@dataclass(frozen=True, kw_only=True)
class DeviceCertificateEnding(Event):
    """A device's certificate ends in 30, 7 or 1 days, and it has no newer one."""

    certificate_id: UUID
    device_id: UUID
    not_after: datetime


@dataclass(frozen=True, kw_only=True)
class RemoteCommandAnswered(Event):
    """A device said that it did what it was told, or that it could not."""

    command_id: UUID
    device_id: UUID
    ok: bool


@dataclass(frozen=True, kw_only=True)
class RemoteCommandExpired(Event):
    """A device did not answer in time."""

    command_id: UUID
    device_id: UUID


@dataclass(frozen=True, kw_only=True)
class AlertOpened(Event):
    """A new episode began on an asset."""

    alert_id: UUID
    asset_id: UUID
    severity: str
    fault_class: str


@dataclass(frozen=True, kw_only=True)
class AlertEscalated(Event):
    """An open alert became more severe."""

    alert_id: UUID
    severity: str


@dataclass(frozen=True, kw_only=True)
class AlertForetoldAnew(Event):
    """A later forecast says something else of an alert that has a work order."""

    alert_id: UUID


@dataclass(frozen=True, kw_only=True)
class AlertAnswered(Event):
    """The customer chose."""

    alert_id: UUID
    choice: str


@dataclass(frozen=True, kw_only=True)
class AlertAnswerDue(Event):
    """The customer has not answered: the `attempt`-th step of the ladder is due."""

    alert_id: UUID
    attempt: int


@dataclass(frozen=True, kw_only=True)
class AlertSnoozeEnded(Event):
    """A snoozed alert is to be looked at again."""

    alert_id: UUID


@dataclass(frozen=True, kw_only=True)
class AlertCleared(Event):
    """The episode is over."""

    alert_id: UUID
    asset_id: UUID
    disposition: str


@dataclass(frozen=True, kw_only=True)
class AlertQuietEnded(Event):
    """What kept an alert quiet is over: it is decided anew."""

    alert_id: UUID


@dataclass(frozen=True, kw_only=True)
class AlertRetestDue(Event):
    """A remote fix has had its time: did it help?"""

    alert_id: UUID


@dataclass(frozen=True, kw_only=True)
class AlertAttentionDue(Event):
    """Somebody should have taken an alert on by now, for the `level`-th time."""

    alert_id: UUID
    level: int


@dataclass(frozen=True, kw_only=True)
class AlertUnattended(Event):
    """Nobody has taken an alert on in time."""

    alert_id: UUID
    level: int


@dataclass(frozen=True, kw_only=True)
class EscalationRaised(Event):
    """The office was told of an alert that nobody took on, or of a rule that lost its trust."""

    escalation_id: UUID


@dataclass(frozen=True, kw_only=True)
class AlertExpiryDue(Event):
    """An alert without new signs may end by itself."""

    alert_id: UUID


@dataclass(frozen=True, kw_only=True)
class IncidentOpened(Event):
    """Enough alerts have a cause in common."""

    incident_id: UUID


@dataclass(frozen=True, kw_only=True)
class IncidentClosed(Event):
    """The cause is gone."""

    incident_id: UUID


@dataclass(frozen=True, kw_only=True)
class AlertJoinedStorm(Event):
    """A new alert has the cause of a storm: it is worked on with the others."""

    alert_id: UUID
    incident_id: UUID


@dataclass(frozen=True, kw_only=True)
class RuleDemoted(Event):
    """The alerts of a rule need review first: too few of them were true faults."""

    rule_id: UUID


@dataclass(frozen=True, kw_only=True)
class CallNeeded(Event):
    """The customer must be phoned about an alert."""

    call_task_id: UUID
    alert_id: UUID


@dataclass(frozen=True, kw_only=True)
class TrainingRequested(Event):
    """A model is to be trained by its recipe."""

    training_id: UUID
