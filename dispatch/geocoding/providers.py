"""Nominatim, Photon and Pelias by geopy."""

from collections.abc import Callable, Sequence
from typing import Any
from urllib.parse import urlsplit

from geopy import exc
from geopy.adapters import URLLibAdapter
from geopy.geocoders import Nominatim, Pelias, Photon

from dispatch.geocoding.ports import Found, GeocoderDown

MOST = 5
# geopy's other adapter sleeps as long as a Retry-After header says, with our locks in its hands
HOW: dict[str, Any] = {"adapter_factory": URLLibAdapter}
PUBLIC = frozenset({"nominatim.openstreetmap.org", "photon.komoot.io"})
"""Shared by everybody: https://operations.osmfoundation.org/policies/nominatim/ asks for one
question a second at most, one at a time, with a name that says who asks."""
PUBLIC_PAUSE_SECONDS = 1.0


class GeopyGeocoder:
    """One of geopy's geocoders; `options` go with each question."""

    def __init__(self, name: str, domain: str, ask: Callable[..., Any], **options: Any) -> None:
        self.name = name
        self.pause_seconds = PUBLIC_PAUSE_SECONDS if domain in PUBLIC else 0.0
        self._ask = ask
        self._options = options

    def find(self, address: str) -> Sequence[Found]:
        try:
            answer = self._ask(address, exactly_one=False, **self._options)
        except exc.GeocoderRateLimited as error:
            raise GeocoderDown("It asks us to slow down.", error.retry_after) from error
        except exc.GeocoderQueryError:
            return []
        except (exc.GeopyError, KeyError, TypeError, IndexError, ValueError) as error:
            raise GeocoderDown(f"{type(error).__name__}: {error}") from error
        return [
            Found(place.address or address, place.latitude, place.longitude)
            for place in (answer or [])[:MOST]
        ]


def nominatim(url: str, agent: str, timeout_seconds: float, country: str) -> GeopyGeocoder:
    scheme, domain = _parts(url or "https://nominatim.openstreetmap.org")
    asked = Nominatim(
        scheme=scheme, domain=domain, user_agent=agent, timeout=timeout_seconds, **HOW
    )
    codes = [country.lower()] if country else None
    return GeopyGeocoder("nominatim", domain, asked.geocode, limit=MOST, country_codes=codes)


def photon(url: str, agent: str, timeout_seconds: float) -> GeopyGeocoder:
    scheme, domain = _parts(url or "https://photon.komoot.io")
    asked = Photon(scheme=scheme, domain=domain, user_agent=agent, timeout=timeout_seconds, **HOW)
    return GeopyGeocoder("photon", domain, asked.geocode, limit=MOST)


def pelias(url: str, key: str, agent: str, timeout_seconds: float, country: str) -> GeopyGeocoder:
    scheme, domain = _parts(url)
    asked = Pelias(
        domain, key or None, scheme=scheme, user_agent=agent, timeout=timeout_seconds, **HOW
    )
    countries = [country.upper()] if country else None
    return GeopyGeocoder("pelias", domain, asked.geocode, countries=countries)


def _parts(url: str) -> tuple[str, str]:
    parts = urlsplit(url)
    return parts.scheme, f"{parts.netloc}{parts.path.rstrip('/')}"
