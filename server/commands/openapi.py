"""firstfix openapi: the API description that the web client is generated from."""

import json

from server.app import create_app


def run() -> None:
    print(json.dumps(create_app().openapi(), indent=1, sort_keys=True))
