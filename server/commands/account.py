"""firstfix account: a first or further sign-in, without the console."""

from typing import Annotated

import typer

from dispatch.accounts import service
from dispatch.accounts.roles import ADMIN
from kernel.db import transaction
from kernel.errors import DomainError
from server import registry, wiring


def run(
    email: str,
    name: str,
    role: str = ADMIN,
    password: Annotated[str, typer.Option(prompt=True, hide_input=True)] = "",
) -> None:
    registry.load()
    wiring.connect()
    try:
        with transaction("cli") as session:
            service.create_account(session, name=name, roles=[role], email=email, password=password)
    except DomainError as error:
        raise typer.BadParameter(error.message) from error
    print(f"{email} can sign in as {role}.")
