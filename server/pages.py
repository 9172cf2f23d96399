"""Pages without an app: where everything is, the development inbox, and the API's description."""

import base64
import hashlib
from collections.abc import Iterable
from html import escape
from pathlib import Path
from typing import Annotated

import fastapi_offline
from fastapi import APIRouter, FastAPI, Query, Request
from fastapi.openapi.docs import get_swagger_ui_html
from starlette.responses import HTMLResponse
from starlette.staticfiles import StaticFiles

from dispatch.messaging import queries
from dispatch.messaging.development_inbox import is_open, require_development
from dispatch.messaging.models import Message
from kernel.auth import Anybody
from kernel.http import Session, paginate

router = APIRouter(tags=["pages"])

SHOWN_MESSAGES = 100
API_PAGE = "/api/docs"
API_FILES = Path(fastapi_offline.__file__).parent / "static"

STYLE = """
:root { color-scheme: light dark; font: 16px/1.5 system-ui, sans-serif; }
body { max-width: 46rem; margin: 2rem auto; padding: 0 1rem; }
h1 { font-size: 1.5rem; }
a { color: light-dark(#0b57d0, #a8c7fa); overflow-wrap: anywhere; }
dt { font-weight: 600; margin-top: .75rem; }
dd { margin: 0; }
article { border: 1px solid light-dark(#d0d5dd, #444c56); border-radius: .5rem;
          padding: .75rem 1rem; margin: 1rem 0; }
article h2 { font-size: 1rem; margin: 0; }
.about { color: light-dark(#59636e, #9198a1); font-size: .875rem; margin: 0; }
.text { white-space: pre-line; margin: .5rem 0 0; overflow-wrap: anywhere; }
input, button { font: inherit; padding: .35rem .6rem; }
input { width: min(20rem, 60%); }
"""
# Looks for new messages, but not while somebody types an address.
RELOAD = (
    "setInterval(() => { if (document.activeElement.name !== 'address') location.reload(); }, 5000)"
)


def _fingerprint(text: str) -> str:
    return "'sha256-" + base64.b64encode(hashlib.sha256(text.encode()).digest()).decode() + "'"


# What a message says is somebody else's text: only our own style and script run beside it.
HEADERS = {
    "Content-Security-Policy": f"default-src 'none'; style-src {_fingerprint(STYLE)};"
    f" script-src {_fingerprint(RELOAD)}; form-action 'self'; frame-ancestors 'none'",
    "Referrer-Policy": "no-referrer",
    "Cache-Control": "no-store",
}


def _page(title: str, body: str, script: str = "") -> HTMLResponse:
    return HTMLResponse(
        "<!doctype html>\n"
        '<html lang="en"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        f"<title>{escape(title)}</title><style>{STYLE}</style></head>\n"
        f"<body><h1>{escape(title)}</h1>\n{body}\n"
        + (f"<script>{script}</script>" if script else "")
        + "</body></html>\n",
        headers=HEADERS,
    )


@router.get("/", response_class=HTMLResponse)
def start(caller: Anybody) -> HTMLResponse:
    """Links to everything this server has for people."""
    places = [
        ("/console", "Console", "for dispatchers and the office"),
        ("/technician", "Technician", "the day of a technician or freelancer, on a phone"),
        ("/customer", "Customer", "booking and following a visit"),
        (API_PAGE, "API", "every operation, to read and to try"),
    ]
    if is_open():
        places.append(("/inbox", "Inbox", "what would have been sent to people; development only"))
    return _page("Firstfix", f"<dl>{''.join(_place(*place) for place in places)}</dl>")


def _place(path: str, name: str, purpose: str) -> str:
    return f'<dt><a href="{path}">{name}</a></dt><dd>{purpose}</dd>'


@router.get("/inbox", response_class=HTMLResponse)
def inbox(
    session: Session,
    caller: Anybody,
    address: Annotated[str, Query(max_length=200)] = "",
) -> HTMLResponse:
    """The development inbox to look at, newest first; does not exist in production."""
    require_development()
    wanted = address.strip()
    found, _ = paginate(
        session,
        queries.inbox_containing(wanted),
        Message.id,
        cursor=None,
        limit=SHOWN_MESSAGES,
        newest_first=True,
    )
    return _page("Inbox", _search(wanted) + _letters(found), RELOAD)


def _search(address: str) -> str:
    return (
        f'<form><input name="address" type="search" value="{escape(address)}" maxlength="200"'
        ' aria-label="Address" placeholder="Part of an address"> <button>Search</button></form>'
    )


def _letters(messages: Iterable[Message]) -> str:
    letters = "".join(_letter(message) for message in messages)
    return letters or "<p>No message yet.</p>"


def _letter(message: Message) -> str:
    sent = f"{message.sent_at:%Y-%m-%d %H:%M} UTC" if message.sent_at else ""
    about = f"{message.channel} to {message.address}, {sent}"
    return (
        f"<article><h2>{escape(message.subject)}</h2>"
        f'<p class="about">{escape(about)}</p><p class="text">{escape(message.text)}</p>'
        f"{_link(message.link)}</article>"
    )


def _link(link: str | None) -> str:
    if not link or not link.startswith(("https://", "http://")):
        return ""
    return f'<p><a href="{escape(link)}">{escape(link.partition("#")[0])}</a></p>'


def add_api_page(app: FastAPI) -> None:
    """Swagger UI from files of our own distribution, so that it works without the internet."""

    def api_page(_: Request) -> HTMLResponse:
        return get_swagger_ui_html(
            openapi_url=str(app.openapi_url),
            title=f"{app.title} API",
            swagger_js_url=f"{API_PAGE}/files/swagger-ui-bundle.js",
            swagger_css_url=f"{API_PAGE}/files/swagger-ui.css",
            swagger_favicon_url=f"{API_PAGE}/files/favicon.png",
        )

    app.add_route(API_PAGE, api_page, include_in_schema=False)
    app.mount(f"{API_PAGE}/files", StaticFiles(directory=API_FILES))
