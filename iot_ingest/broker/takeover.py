"""Close somebody's connection: whoever comes under a client's name takes its session over."""

from iot_ingest.broker.connection import Connection


def take_over(url: str, client_id: str) -> None:
    """End the session that the broker has under that name. Mosquitto checks certificates when a
    connection is made and never again, so that revoking alone leaves it open.

    Raises OSError when the broker cannot be had, or refuses.
    """
    Connection(url, client_id, is_clean=True).close()
