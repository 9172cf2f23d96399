"""firstfix authority: a key that signs the certificates of devices."""

from datetime import timedelta
from typing import Annotated

import typer

from kernel.clock import real_now
from kernel.x509 import Authority


def run(
    name: Annotated[str, typer.Option(help="of the authority, in its certificate")] = (
        "Firstfix devices"
    ),
    years: Annotated[int, typer.Option(min=1, max=50, help="its certificate lives so long")] = 20,
) -> None:
    """Print the lines for the environment; who has the first can make any device's certificate."""
    made = Authority.create(name, real_now(), timedelta(days=365 * years))
    key, certificate = made.as_text()
    print(f"FIRSTFIX_DEVICE_AUTHORITY_KEY={key}")
    print(f"FIRSTFIX_DEVICE_AUTHORITY_CERTIFICATE={certificate}")
