"""Tokens are kept only as hashes, one of them in the form Mosquitto reads."""

import base64
import hashlib
import socket
import subprocess
import threading
import time
from pathlib import Path
from uuid import uuid4

import paho.mqtt.client as paho
import pytest
from paho.mqtt.enums import CallbackAPIVersion

from iot_ingest.devices.tokens import hash_token, is_token, make_token, mosquitto_hash
from tests.needs import find_program


class TestTokens:
    def test_no_two_are_alike(self) -> None:
        assert len({make_token() for _ in range(100)}) == 100

    def test_only_the_token_fits_its_hash(self) -> None:
        token = make_token()
        assert is_token(token, hash_token(token))
        assert not is_token(make_token(), hash_token(token))
        assert not is_token(None, hash_token(token))

    def test_mosquittos_form_is_salted_pbkdf2(self) -> None:
        token = make_token()
        _, kind, rounds, salt, key = mosquitto_hash(token).split("$")
        derived = hashlib.pbkdf2_hmac("sha512", token.encode(), base64.b64decode(salt), int(rounds))
        assert (kind, base64.b64decode(key)) == ("7", derived)
        assert mosquitto_hash(token) != mosquitto_hash(token)


@pytest.mark.mosquitto
class TestMosquitto:
    def test_lets_in_who_has_the_token(self, tmp_path: Path) -> None:
        program = find_program("mosquitto")
        assert program is not None
        device, token = str(uuid4()), make_token()
        passwords = tmp_path / "passwords"
        passwords.write_text(f"{device}:{mosquitto_hash(token)}\n")
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            port = probe.getsockname()[1]
        (tmp_path / "mosquitto.conf").write_text(
            f"listener {port} 127.0.0.1\nallow_anonymous false\nuser root\n"
            f"password_file {passwords}\n"
        )
        command = [program, "-c", str(tmp_path / "mosquitto.conf")]
        process = subprocess.Popen(command, stderr=subprocess.DEVNULL)
        try:
            assert self._connects(port, device, token)
            assert not self._connects(port, device, make_token())
        finally:
            process.kill()
            process.wait()

    def _connects(self, port: int, user: str, password: str) -> bool:
        answered, verdict = threading.Event(), []
        client = paho.Client(CallbackAPIVersion.VERSION2)
        client.username_pw_set(user, password)

        def on_connect(_: object, __: object, ___: object, reason: object, ____: object) -> None:
            verdict.append(not reason.is_failure)  # type: ignore[attr-defined]  # untyped library
            answered.set()

        client.on_connect = on_connect
        deadline = time.monotonic() + 40
        while True:
            try:
                client.connect("127.0.0.1", port)
                break
            except ConnectionRefusedError:
                if time.monotonic() > deadline:
                    raise
                answered.wait(0.05)
        client.loop_start()
        answered.wait(40)
        client.disconnect()
        client.loop_stop()
        return verdict[0]
