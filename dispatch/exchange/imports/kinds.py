"""Everything that can be imported, by name."""

from dispatch.exchange.imports.customers import CUSTOMERS
from dispatch.exchange.imports.orders import REPAIRS, WORK_ORDERS
from dispatch.exchange.imports.rows import Kind
from dispatch.exchange.imports.technicians import TECHNICIANS
from dispatch.exchange.imports.things import ASSETS, PARTS

KINDS: dict[str, Kind] = {
    kind.name: kind for kind in (CUSTOMERS, ASSETS, TECHNICIANS, PARTS, WORK_ORDERS, REPAIRS)
}
