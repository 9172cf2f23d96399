"""Which cause alerts have in common; plain Python."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from uuid import UUID

from iot_ingest.incidents.lifecycle import FEWEST, RADIUS_M, Cause
from iot_ingest.incidents.models import Incident
from iot_ingest.incidents.queries import Sign
from kernel.geo import Point, distance_m


@dataclass(frozen=True, slots=True)
class Group:
    """Alerts with one cause, the new one among them."""

    cause: Cause
    signs: list[Sign]
    upstream_asset_id: UUID | None = None
    model: str | None = None
    centre: Point | None = None


def belongs(sign: Sign, incident: Incident) -> bool:
    """Whether the alert has the cause of an incident of its fault class."""
    match incident.cause:
        case Cause.UPSTREAM:
            return incident.upstream_asset_id in (sign.parent_id, sign.asset_id)
        case Cause.MODEL:
            return bool(sign.model) and sign.model == incident.model
        case Cause.AREA:
            centre = Point(incident.latitude or 0.0, incident.longitude or 0.0)
            return distance_m(centre, sign.here) <= RADIUS_M


def group_around(sign: Sign, recent: Sequence[Sign]) -> Group | None:
    """The nearest cause that enough recent alerts share: upstream, then area, then model."""
    for look in (_upstream, _area, _model):
        found = look(sign, recent)
        if found is not None:
            return found
    return None


def _upstream(sign: Sign, recent: Sequence[Sign]) -> Group | None:
    top = sign.parent_id or sign.asset_id
    same = [s for s in recent if top in (s.parent_id, s.asset_id)]
    found = _enough(Cause.UPSTREAM, same, lambda s: s.asset_id)
    return Group(Cause.UPSTREAM, found, upstream_asset_id=top) if found else None


def _area(sign: Sign, recent: Sequence[Sign]) -> Group | None:
    near = [s for s in recent if distance_m(s.here, sign.here) <= RADIUS_M]
    found = _enough(Cause.AREA, near, lambda s: s.site_id)
    return Group(Cause.AREA, found, centre=sign.here) if found else None


def _model(sign: Sign, recent: Sequence[Sign]) -> Group | None:
    same = [s for s in recent if sign.model and s.model == sign.model]
    found = _enough(Cause.MODEL, same, lambda s: s.asset_id)
    return Group(Cause.MODEL, found, model=sign.model) if found else None


def _enough(cause: Cause, signs: list[Sign], what: Callable[[Sign], UUID]) -> list[Sign] | None:
    return signs if len({what(sign) for sign in signs}) >= FEWEST[cause] else None
