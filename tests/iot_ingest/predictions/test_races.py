"""Two promotions of one model at once, on real connections: one wins, the other hears why."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from uuid import UUID

import httpx
import pytest
from sqlalchemy import select, text

from iot_ingest.predictions import service
from iot_ingest.predictions.lifecycle import ModelKind, ModelStatus
from iot_ingest.predictions.models import TrainedModel
from tests.client import ApiClient
from tests.conftest import Database
from tests.principals import dispatcher

pytestmark = pytest.mark.committed

WAITING = "SELECT count(*) FROM pg_locks WHERE NOT granted"
Client = Callable[..., ApiClient]


def make_numbers(database: Database, count: int) -> list[UUID]:
    kind = ModelKind.REMAINING_LIFE
    with database.transaction() as session:
        return [
            service.keep(session, "wear", kind, {"kind": str(kind)}, {"passes": True}).id
            for _ in range(count)
        ]


def promoted_beside(
    database: Database, client: Client, winner: UUID, other: UUID
) -> httpx.Response:
    """The answer to `other`, asked for while `winner` is promoted and not yet committed."""
    with ThreadPoolExecutor(1) as pool:
        with database.transaction() as session:
            service.promote(session, session.get_one(TrainedModel, winner))
            asked = pool.submit(client(dispatcher()).post, f"/api/models/{other}/promote")
            while session.scalar(text(WAITING)) == 0:
                assert not asked.done()
        return asked.result()


def statuses(database: Database) -> list[ModelStatus]:
    with database.transaction() as session:
        return list(session.scalars(select(TrainedModel.status).order_by(TrainedModel.number)))


@pytest.mark.parametrize("has_before", [True, False])
def test_one_wins_and_the_other_is_told(
    database: Database, client: Client, has_before: bool
) -> None:
    first, winner, loser = make_numbers(database, 3)
    if has_before:
        with database.transaction() as session:
            service.promote(session, session.get_one(TrainedModel, first))
    refused = promoted_beside(database, client, winner, loser)
    assert (refused.status_code, refused.json()["code"]) == (409, "promoted_meanwhile")
    rest = ModelStatus.RETIRED if has_before else ModelStatus.TRAINED
    assert statuses(database) == [rest, ModelStatus.PROMOTED, ModelStatus.TRAINED]
    assert client(dispatcher()).post(f"/api/models/{loser}/promote").status_code == 200


def test_the_same_number_twice_is_once(database: Database, client: Client) -> None:
    [only] = make_numbers(database, 1)
    assert promoted_beside(database, client, only, only).json()["status"] == "promoted"
