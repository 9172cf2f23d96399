"""The Compose file is well formed, keeps its promises, and its commands are real ones."""

import importlib
import re
from pathlib import Path
from typing import Any

import pytest
import typer

from server import cli
from tests.tooling import compose

ROOT = Path(__file__).resolve().parents[2]
SECRETS = {
    "FIRSTFIX_SECRET_KEY": "s" * 48,
    "POSTGRES_PASSWORD": "postgres-secret",
    "VALKEY_PASSWORD": "valkey-secret",
    "MQTT_PASSWORD": "mqtt-secret",
}
GIVEN = {**SECRETS, "FIRSTFIX_PUBLIC_URL": "https://service.example.org"}

SERVICE_KEYS: dict[str, type | tuple[type, ...]] = {
    "build": str,
    "cap_drop": list,
    "command": list,
    "depends_on": dict,
    "environment": dict,
    "healthcheck": dict,
    "image": str,
    "init": bool,
    "ports": list,
    "read_only": bool,
    "restart": str,
    "security_opt": list,
    "shm_size": str,
    "stop_grace_period": str,
    "tmpfs": list,
    "user": str,
    "volumes": list,
}
"""The part of the Compose specification that we use, with its types."""
HEALTH_KEYS: dict[str, type | tuple[type, ...]] = {
    "interval": str,
    "retries": int,
    "start_period": str,
    "test": list,
    "timeout": str,
}
CONDITIONS = {"service_started", "service_healthy", "service_completed_successfully"}
DURATION = re.compile(r"^(\d+(ms|s|m|h))+$")


def parse(words: list[str]) -> list[str]:
    """Parse a command line of ours as the program would; what nobody read. Raises a usage error."""
    name, *arguments = words
    assert name in cli.COMMANDS, name
    module = importlib.import_module(f"server.commands.{name}")
    app = typer.Typer(add_completion=False)
    app.command()(module.run)
    return typer.main.get_command(app).make_context(name, arguments).args


@pytest.fixture(scope="module")
def document() -> dict[str, Any]:
    return compose.read(GIVEN)


class TestShape:
    def test_has_known_keys_of_the_right_type(self, document: dict[str, Any]) -> None:
        assert {key for key in document if not key.startswith("x-")} == {
            "name",
            "services",
            "volumes",
        }
        for name, service in document["services"].items():
            for key, value in service.items():
                assert isinstance(value, SERVICE_KEYS[key]), f"{name}.{key}"
            for key, value in service.get("healthcheck", {}).items():
                assert isinstance(value, HEALTH_KEYS[key]), f"{name}.healthcheck.{key}"
                if key not in ("test", "retries"):
                    assert DURATION.match(value), f"{name}.healthcheck.{key}"
            for value in service.get("environment", {}).values():
                assert isinstance(value, str), f"{name}.environment: {value!r}"
            assert all(isinstance(word, str) for word in service.get("command", [])), name

    def test_waits_only_for_what_exists_and_can_become_true(self, document: dict[str, Any]) -> None:
        services = document["services"]
        for name, service in services.items():
            for other, wait in service.get("depends_on", {}).items():
                assert set(wait) == {"condition"}
                assert wait["condition"] in CONDITIONS
                if wait["condition"] == "service_healthy":
                    assert "healthcheck" in services[other], f"{name} waits for {other}"
                if wait["condition"] == "service_completed_successfully":
                    assert services[other]["restart"] == "no"

    def test_waits_in_no_circle(self, document: dict[str, Any]) -> None:
        left = {name: set(s.get("depends_on", {})) for name, s in document["services"].items()}
        while ready := {name for name, waits in left.items() if not waits & set(left)}:
            left = {name: waits for name, waits in left.items() if name not in ready}
        assert left == {}

    def test_mounts_declared_volumes_and_existing_files(self, document: dict[str, Any]) -> None:
        used = set()
        for service in document["services"].values():
            for volume in service.get("volumes", []):
                source, target, *mode = volume.split(":")
                assert target.startswith("/")
                assert mode in ([], ["ro"])
                if source.startswith("."):
                    assert (ROOT / source).exists()
                else:
                    used.add(source)
        assert used == set(document["volumes"])


class TestPromises:
    def test_runs_every_part_of_the_product(self, document: dict[str, Any]) -> None:
        assert set(document["services"]) == {
            "api",
            "ingest",
            "logins",
            "migrate",
            "mosquitto",
            "postgres",
            "relay",
            "valkey",
            "worker-critical",
            "worker-default",
            "worker-planning",
            "worker-training",
        }
        assert document["services"]["postgres"]["image"] == "postgres:18"
        assert document["services"]["mosquitto"]["image"] == "eclipse-mosquitto:2"

    def test_watches_everything_that_stays(self, document: dict[str, Any]) -> None:
        for name, service in document["services"].items():
            if service["restart"] != "no":
                assert service["healthcheck"]["test"][0] in ("CMD", "CMD-SHELL"), name

    def test_gives_our_containers_no_rights_they_do_not_need(self) -> None:
        for name, service in compose.ours(GIVEN).items():
            assert service["read_only"], name
            assert service["cap_drop"] == ["ALL"], name
            assert "no-new-privileges:true" in service["security_opt"], name
        lines = (ROOT / "Dockerfile").read_text().splitlines()
        assert "USER 10001:10001" in lines
        assert lines.index("USER 10001:10001") < lines.index("RUN firstfix warm")

    def test_publishes_to_this_host_only_unless_told(self, document: dict[str, Any]) -> None:
        for service in document["services"].values():
            assert all(port.startswith("127.0.0.1:") for port in service.get("ports", []))

    @pytest.mark.parametrize("name", GIVEN)
    def test_does_not_start_without_a_secret(self, name: str) -> None:
        given = {key: value for key, value in GIVEN.items() if key != name}
        with pytest.raises(compose.MissingVariable, match=name):
            compose.read(given)

    def test_names_every_variable_in_the_example(self) -> None:
        example = (ROOT / "deploy" / "env.example").read_text()
        used = {
            found["name"]
            for found in compose.VARIABLE.finditer(compose.FILE.read_text())
            if found["name"]
        }
        assert {name for name in used if f"\n{name}=" not in example} <= {"FIRSTFIX_VERSION"}
        for secret in SECRETS:
            assert f"{secret}=\n" in example


class TestCommands:
    @pytest.mark.parametrize("name", compose.ours(GIVEN))
    def test_are_commands_of_ours(self, name: str) -> None:
        assert parse(compose.ours(GIVEN)[name]["command"]) == []

    @pytest.mark.parametrize("name", compose.ours(GIVEN))
    def test_health_checks_are_commands_of_ours(self, name: str) -> None:
        check = compose.ours(GIVEN)[name].get("healthcheck")
        if check and check["test"][1] == "firstfix":
            assert parse(check["test"][2:]) == []

    def test_an_unknown_option_is_noticed(self) -> None:
        with pytest.raises(Exception, match="No such option"):
            parse(["serve", "--prot", "8000"])

    def test_the_image_starts_what_compose_starts(self) -> None:
        text = (ROOT / "Dockerfile").read_text()
        assert 'ENTRYPOINT ["firstfix"]' in text
        assert parse(["serve", "--host", "0.0.0.0"]) == []
        assert parse(["warm"]) == []
