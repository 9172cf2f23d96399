"""docker-compose.yml as Compose reads it: anchors merged, variables filled in."""

import re
from pathlib import Path
from typing import Any

import yaml

FILE = Path(__file__).resolve().parents[2] / "docker-compose.yml"
VARIABLE = re.compile(r"\$(?:\$|\{(?P<name>\w+)(?P<kind>:-|:\?)?(?P<rest>[^}]*)\})")

Services = dict[str, dict[str, Any]]


class MissingVariable(Exception):
    """A variable that the file demands is not set."""


def fill_in(value: Any, environment: dict[str, str]) -> Any:
    """Replace ${NAME}, ${NAME:-default} and ${NAME:?error} as Compose does, at any depth."""
    if isinstance(value, dict):
        return {key: fill_in(one, environment) for key, one in value.items()}
    if isinstance(value, list):
        return [fill_in(one, environment) for one in value]
    if not isinstance(value, str):
        return value

    def put(found: re.Match[str]) -> str:
        if found.group() == "$$":
            return "$"
        given = environment.get(found["name"])
        if given:
            return given
        if found["kind"] == ":?":
            raise MissingVariable(found["name"])
        return found["rest"] if found["kind"] == ":-" else ""

    return VARIABLE.sub(put, value)


def read(environment: dict[str, str]) -> dict[str, Any]:
    """Raises MissingVariable."""
    document: dict[str, Any] = fill_in(yaml.safe_load(FILE.read_text()), environment)
    return document


def services(environment: dict[str, str]) -> Services:
    found: Services = read(environment)["services"]
    return found


def ours(environment: dict[str, str]) -> Services:
    """The services that run our image."""
    return {
        name: service
        for name, service in services(environment).items()
        if service["image"].startswith("firstfix:")
    }
