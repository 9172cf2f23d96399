"""Every models and tasks module of the product, imported once; then the registry is sealed."""

import importlib
import pkgutil
from types import ModuleType

import dispatch
import iot_ingest
import kernel.audit
import kernel.credentials
import kernel.housekeeping
import kernel.http  # noqa: F401 registers its table
import marketplace
import mobile_api
from kernel import jobs

PACKAGES: tuple[ModuleType, ...] = (dispatch, marketplace, iot_ingest, mobile_api)
ROLES = ("models", "tasks", "events")


def load() -> None:
    """Import the modules that register tables, events and handlers; safe to repeat."""
    for package in PACKAGES:
        for module in pkgutil.walk_packages(package.__path__, f"{package.__name__}."):
            if module.name.rpartition(".")[2] in ROLES:
                importlib.import_module(module.name)
    jobs.seal()
