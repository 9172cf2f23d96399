"""firstfix reference: the lists that the documentation shows, made from the code."""

import dataclasses
import inspect

from kernel.events import Event
from kernel.jobs import all_handlers
from kernel.settings import Settings
from server import registry
from server.cli import COMMANDS

INHERITED = {field.name for field in dataclasses.fields(Event)}


def run() -> None:
    print(text(), end="")


def text() -> str:
    """docs/reference.md as it should be."""
    registry.load()
    return "\n".join([*_head(), *_commands(), *_settings(), *_events(), *_jobs(), ""])


def _head() -> list[str]:
    return [
        "# Reference",
        "",
        "Made from the code by `firstfix reference`; a test compares it.",
        "",
    ]


def _commands() -> list[str]:
    rows = [f"| `firstfix {name}` | {sentence} |" for name, sentence in COMMANDS.items()]
    return ["## Commands", "", "| command | what it does |", "|---|---|", *rows, ""]


def _settings() -> list[str]:
    rows = []
    for name, field in Settings.model_fields.items():
        choices = getattr(field.validation_alias, "choices", None)
        variable = choices[0] if choices else f"FIRSTFIX_{name.upper()}"
        default = "" if field.default in ("", None) else f"`{field.default}`"
        secret = "a development secret" if name == "secret_key" else default
        rows.append(f"| `{variable}` | {secret} | {field.description} |")
    return ["## Settings", "", "| variable | default | meaning |", "|---|---|---|", *rows, ""]


def _events() -> list[str]:
    rows = []
    for name, event in product_events():
        fields = [f.name for f in dataclasses.fields(event) if f.name not in INHERITED]
        meaning = (inspect.getdoc(event) or "").splitlines()[0]
        meaning = "" if meaning.startswith(f"{event.__name__}(") else meaning
        carries = ", ".join(f"`{field}`" for field in fields)
        rows.append(f"| `{name}` | {meaning} | {carries} |")
    head = "Each may also carry `territory_id`, `customer_id` and `technician_id`."
    return ["## Events", "", head, "", "| event | fact | carries |", "|---|---|---|", *rows, ""]


def product_events() -> list[tuple[str, type[Event]]]:
    """Names and classes; benchmarks and tests have events of their own, which do not count."""
    packages = {package.__name__ for package in registry.PACKAGES}
    return [
        (name, event)
        for name, event in sorted(Event.known.items())
        if name.partition(".")[0] in packages
    ]


def _jobs() -> list[str]:
    rows = []
    ours = [h for h in all_handlers() if not h.name.startswith("probe.")]
    for handler in sorted(ours, key=lambda h: h.name):
        when = handler.event.name if handler.event else f"every {handler.interval}"
        real = " (real time)" if handler.interval and handler.time == "real" else ""
        rows.append(f"| `{handler.name}` | {when}{real} | {handler.queue} |")
    return ["## Jobs", "", "| job | runs on | queue |", "|---|---|---|", *rows]
