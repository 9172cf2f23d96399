"""The start page, the development inbox as a page, and the API page without the internet."""

import re
from collections.abc import Callable

import pytest
from sqlalchemy.orm import Session

from dispatch.messaging import service
from kernel import clock
from kernel.settings import settings
from tests.client import ApiClient

Client = Callable[..., ApiClient]


@pytest.fixture
def page(session: Session, client: Client) -> Callable[[str], str]:
    """A page as somebody without a sign-in gets it."""

    def get(path: str) -> str:
        answer = client().get(path)
        assert answer.status_code == 200, answer.text
        assert answer.headers["content-type"].startswith("text/html")
        return answer.text

    return get


def sent(session: Session, address: str, text: str, link: str | None = None) -> None:
    values = {"text": text}
    message = service.send(
        session, template="office_note", address=address, values=values, link=link
    )
    service.record_sent(session, message.id, "inbox-1")


class TestStart:
    def test_leads_everywhere(self, page: Callable[[str], str]) -> None:
        found = re.findall('href="([^"]+)"', page("/"))
        assert found == ["/console", "/technician", "/customer", "/api/docs", "/inbox"]

    def test_does_not_speak_of_an_inbox_that_is_not_open(
        self, page: Callable[[str], str], monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(settings(), "message_channel", "none")
        assert "/inbox" not in page("/")


class TestInbox:
    def test_shows_the_newest_first(self, session: Session, page: Callable[[str], str]) -> None:
        clock.freeze(session, clock.now(session))
        sent(session, "first@example.org", "the earlier one")
        sent(session, "second@example.org", "the later one")
        seen = page("/inbox")
        assert seen.index("the later one") < seen.index("the earlier one")

    def test_finds_a_part_of_an_address(self, session: Session, page: Callable[[str], str]) -> None:
        sent(session, "first@example.org", "for the first")
        sent(session, "second@example.org", "for the second")
        seen = page("/inbox?address=SECOND%40")
        assert "for the second" in seen
        assert "for the first" not in seen
        assert "No message yet" in page("/inbox?address=%25")

    def test_runs_nothing_that_a_message_says(
        self, session: Session, page: Callable[[str], str]
    ) -> None:
        evil = "<script>alert(1)</script>"
        sent(session, "a@example.org", evil, link='http://x/"><script>alert(2)</script>')
        sent(session, "b@example.org", "a link that is none", link="javascript:alert(3)")
        seen = page("/inbox") + page(f"/inbox?address={evil}")
        assert "<script>alert" not in seen
        assert "javascript:" not in seen

    @pytest.mark.parametrize(
        ("setting", "value"), [("message_channel", "none"), ("environment", "production")]
    )
    @pytest.mark.parametrize("path", ["/inbox", "/api/inbox"])
    def test_is_not_there_unless_messages_end_in_it(
        self, path: str, setting: str, value: str, client: Client, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        asking = client()
        monkeypatch.setattr(settings(), setting, value)
        assert asking.get(path).status_code == 404


class TestApiPage:
    def test_takes_everything_from_this_server(
        self, client: Client, page: Callable[[str], str]
    ) -> None:
        used = re.findall('(?:src|href)="([^"]+)"', page("/api/docs"))
        assert len(used) == 3
        for path in used:
            assert path.startswith("/api/docs/files/")
            assert client().get(path).status_code == 200
