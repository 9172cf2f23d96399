"""Imports of technicians with their skills."""

from sqlalchemy.orm import Session

from dispatch.exchange.imports import cells
from dispatch.exchange.imports.cells import Column
from dispatch.exchange.imports.rows import Kind, Known, chosen, referred
from dispatch.exchange.imports.sheets import Row
from dispatch.technicians import service as technicians
from dispatch.technicians.lifecycle import Employment
from dispatch.technicians.models import Provider, Technician
from dispatch.technicians.qualifications.service import SkillHeld, set_skills
from dispatch.territories.models import Territory

TECHNICIAN_COLUMNS = (
    "name", "employment", "latitude", "longitude", "hourly_cents", "travel_cents_per_hour",
    "currency", "phone", "email", "speed_pct", "max_travel_km", "languages",
)  # fmt: skip


def save_technician(session: Session, row: Row, known: Known) -> bool:
    by_id = known.of(Technician, ["external_id"])
    values = chosen(row, *TECHNICIAN_COLUMNS)
    territories = known.of(Territory, ["territory"], Territory.name)
    values["territory_id"] = referred(territories, row, "territory").id
    if row.texts.get("provider"):
        providers = known.of(Provider, ["provider"], Provider.name)
        values["provider_id"] = referred(providers, row, "provider").id
    for name in ("travel_cents_per_hour", "currency"):
        if values.get(name, "") is None:
            del values[name]
    technician = by_id.get(row.texts["external_id"])
    is_new = technician is None
    if technician is None:
        technician = technicians.create_technician(
            session, external_id=row.texts["external_id"], **values
        )
    else:
        technicians.update_technician(session, technician, values)
    by_id[row.texts["external_id"]] = technician
    if "skills" in row.values:
        held = [SkillHeld(name, level) for name, level in row.values["skills"].items()]
        set_skills(session, technician.id, held)
    return is_new


TECHNICIANS = Kind(
    "technicians",
    "external_id",
    (
        Column("external_id", cells.line),
        Column("name", cells.line),
        Column("employment", cells.one_of(Employment)),
        Column("territory", cells.line),
        Column("latitude", cells.degrees(90)),
        Column("longitude", cells.degrees(180)),
        Column("hourly_cents", cells.whole(0)),
        Column("travel_cents_per_hour", cells.whole(0), None),
        Column("currency", cells.currency, None),
        Column("phone", cells.line, None),
        Column("email", cells.line, None),
        Column("provider", cells.line, None),
        Column("speed_pct", cells.whole(1, 1000), 100),
        Column("max_travel_km", cells.whole(1, 10_000), 50),
        Column("languages", cells.several, []),
        Column("skills", cells.levels, {}),
    ),
    save_technician,
)
