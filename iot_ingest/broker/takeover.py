"""Close somebody's connection: whoever comes under a client's name takes its session over."""

import time
from urllib.parse import unquote, urlsplit

import paho.mqtt.client as paho
from paho.mqtt.enums import CallbackAPIVersion

PORTS = {"mqtt": 1883, "mqtts": 8883}
ANSWER_SECONDS = 5.0


def take_over(url: str, client_id: str) -> None:
    """End the session that the broker has under that name. Mosquitto checks certificates when a
    connection is made and never again, so that revoking alone leaves it open.

    Raises OSError when the broker cannot be had, or refuses.
    """
    address = urlsplit(url)
    client = paho.Client(CallbackAPIVersion.VERSION2, client_id=client_id)
    if address.username:
        client.username_pw_set(unquote(address.username), unquote(address.password or ""))
    if address.scheme == "mqtts":
        client.tls_set()
    client.connect(address.hostname or "127.0.0.1", address.port or PORTS[address.scheme])
    until = time.monotonic() + ANSWER_SECONDS
    while not client.is_connected():
        if client.loop(0.1) != paho.MQTT_ERR_SUCCESS or time.monotonic() > until:
            raise ConnectionRefusedError(f"The broker does not let {client_id} be taken over.")
    client.disconnect()
