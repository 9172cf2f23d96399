"""Imports of customers with their sites."""

from sqlalchemy.orm import Session

from dispatch.customers import service as customers
from dispatch.customers.lifecycle import CustomerKind, PreferredChannel
from dispatch.customers.models import Customer, Site
from dispatch.exchange.imports import cells
from dispatch.exchange.imports.cells import Column
from dispatch.exchange.imports.rows import CellError, Kind, Known, chosen
from dispatch.exchange.imports.sheets import Row

CUSTOMER_COLUMNS = (
    "name", "kind", "email", "phone", "locale", "channel", "vulnerable", "notes",
)  # fmt: skip
SITE_COLUMNS = ("address", "latitude", "longitude", "time_zone", "access_notes")


def save_customer(session: Session, row: Row, known: Known) -> bool:
    """A customer and one site; further rows of the same customer bring further sites."""
    by_id = known.of(Customer, ["external_id"])
    customer = by_id.get(row.texts["external_id"])
    is_new = customer is None
    values = chosen(row, *CUSTOMER_COLUMNS)
    if values.get("channel", "") is None:
        del values["channel"]
    if customer is None:
        customer = customers.create_customer(
            session, external_id=row.texts["external_id"], **values
        )
    else:
        customers.update_customer(session, customer, values)
    if row.texts.get("address"):
        is_new = _save_site(session, row, known, customer) or is_new
    by_id[row.texts["external_id"]] = customer
    return is_new


def _save_site(session: Session, row: Row, known: Known, customer: Customer) -> bool:
    for column in ("latitude", "longitude"):
        if row.values.get(column) is None:
            raise CellError(column, "A site needs its position.")
    by_id = known.of(Site, ["site_external_id", "external_id"])
    key = row.texts.get("site_external_id") or row.texts["external_id"]
    values = chosen(row, *SITE_COLUMNS)
    if "site_name" in row.values:
        values["name"] = row.values["site_name"]
    if values.get("time_zone", "") is None:
        del values["time_zone"]
    site = by_id.get(key)
    is_new = site is None
    if site is None:
        site = customers.create_site(session, customer_id=customer.id, external_id=key, **values)
    elif site.customer_id != customer.id:
        raise CellError("site_external_id", "This site is another customer's.")
    else:
        # a position that stays must not ask for the territory anew
        moved = {name: value for name, value in values.items() if getattr(site, name) != value}
        customers.update_site(session, site, moved)
    by_id[key] = site
    return is_new


CUSTOMERS = Kind(
    "customers",
    "external_id",
    (
        Column("external_id", cells.line),
        Column("name", cells.line),
        Column("kind", cells.one_of(CustomerKind), CustomerKind.PERSON),
        Column("email", cells.line, None),
        Column("phone", cells.line, None),
        Column("locale", cells.locale, "en"),
        Column("channel", cells.one_of(PreferredChannel), None),
        Column("vulnerable", cells.yes_or_no, False),
        Column("notes", cells.words, ""),
        Column("site_external_id", cells.line, None),
        Column("site_name", cells.line, ""),
        Column("address", cells.line, None),
        Column("latitude", cells.degrees(90), None),
        Column("longitude", cells.degrees(180), None),
        Column("time_zone", cells.line, None),
        Column("access_notes", cells.words, ""),
    ),
    save_customer,
    unique=False,
)
