"""Which implementation stands behind each port of the lower packages."""

from datetime import timedelta
from functools import cache

from dispatch.accounts.ports import code_sender, subject_directory
from dispatch.customers.ports import territory_rule, timeline_sources
from dispatch.customers.service import CustomerDirectory
from dispatch.feedback import queries as feedback
from dispatch.geocoding import providers
from dispatch.geocoding.ports import Geocoder, geocoder
from dispatch.messaging import queries as messaging
from dispatch.messaging.development_inbox import DevelopmentInbox
from dispatch.messaging.lifecycle import Channel
from dispatch.messaging.ports import MessageChannel, channels
from dispatch.messaging.service import CodesByMessage
from dispatch.scheduling.board.ports import open_offers
from dispatch.scheduling.crowd_shares.ports import crowd_asked
from dispatch.scheduling.durations.service import planned_minutes
from dispatch.scheduling.problems.ports import crowd_estimates
from dispatch.scheduling.tentative.ports import crowd_chances
from dispatch.territories.service import NearestTerritory
from dispatch.travel.networks.local import LocalValhalla
from dispatch.travel.networks.ors import OrsServer
from dispatch.travel.networks.osrm import OsrmServer
from dispatch.travel.networks.valhalla import ValhallaServer
from dispatch.travel.ports import RoadNetwork
from dispatch.travel.roads import Roads
from dispatch.travel.service import RoadArchive
from dispatch.travel.times import TravelTimes, travel_times
from dispatch.work_orders.details import queries as work_orders
from dispatch.work_orders.ports import duration_rule
from iot_ingest.certificates.ports import device_authority
from iot_ingest.decisions.ports import model_may_open_orders, remote_fix
from iot_ingest.predictions.queries import may_open_orders
from iot_ingest.remote_commands.service import try_remote_fix
from kernel.settings import settings
from kernel.x509 import Authority
from marketplace.estimates.service import chances_of_windows, estimate
from marketplace.offers.queries import list_for_board, starts_of_asked
from marketplace.payments.ports import PaymentProvider, payment_provider
from marketplace.payments.sandbox import Sandbox
from marketplace.payments.transfer_api import TransferApi


def connect() -> None:
    """Wire every port; safe to repeat."""
    subject_directory.wire(CustomerDirectory())
    code_sender.wire(CodesByMessage())
    territory_rule.wire(NearestTerritory())
    timeline_sources.wire([work_orders.timeline, messaging.timeline, feedback.timeline])
    open_offers.wire(list_for_board)
    crowd_estimates.wire(estimate)
    crowd_chances.wire(chances_of_windows)
    crowd_asked.wire(starts_of_asked)
    channels.wire(_message_channels())
    duration_rule.wire(planned_minutes)
    travel_times.wire(_travel_times())
    geocoder.wire(_geocoder())
    model_may_open_orders.wire(may_open_orders)
    remote_fix.wire(try_remote_fix)
    device_authority.wire(_device_authority())
    payment_provider.wire(_payment_provider())


def _message_channels() -> dict[Channel, MessageChannel]:
    """The adapters that the settings name; without one each message is marked undeliverable."""
    match settings().message_channel:
        case "inbox":
            return dict.fromkeys(Channel, DevelopmentInbox())
        case "none":
            return {}


@cache
def _travel_times() -> TravelTimes:
    """One for the process: it remembers what the road network said."""
    network = _road_network()
    if network is None:
        return TravelTimes()
    chosen = settings()
    return TravelTimes(
        Roads(
            network,
            archive=RoadArchive(),
            keep=timedelta(days=chosen.travel_keep_days),
            budget_seconds=chosen.travel_budget_seconds,
        )
    )


def _road_network() -> RoadNetwork | None:
    """The one that the settings name; none for straight lines."""
    chosen = settings()
    match chosen.travel_source:
        case "straight":
            return None
        case "valhalla":
            return LocalValhalla(chosen.travel_tiles)
        case "valhalla-server":
            return ValhallaServer(chosen.travel_url, chosen.travel_timeout_seconds)
        case "osrm":
            return OsrmServer(chosen.travel_url, chosen.travel_timeout_seconds)
        case "ors":
            return OrsServer(chosen.travel_url, chosen.travel_timeout_seconds, chosen.travel_key)


def _device_authority() -> Authority | None:
    """The one whose key is in the settings; None where devices have tokens only."""
    key, certificate = settings().device_authority_key, settings().device_authority_certificate
    return Authority.from_text(key, certificate) if key else None


@cache
def _payment_provider() -> PaymentProvider | None:
    """One for the process: it keeps its connections."""
    chosen = settings()
    match chosen.payment_provider:
        case "none":
            return None
        case "sandbox":
            return Sandbox()
        case "transfer-api":
            return TransferApi(
                chosen.payment_url, chosen.payment_key, chosen.payment_timeout_seconds
            )


def _geocoder() -> Geocoder | None:
    """The one that the settings name; None where every pin is set by hand."""
    chosen = settings()
    agent = f"firstfix/0.1 ({chosen.geocoder_contact or chosen.public_url})"
    url, seconds = chosen.geocoder_url, chosen.geocoder_timeout_seconds
    match chosen.geocoder:
        case "off":
            return None
        case "nominatim":
            return providers.nominatim(url, agent, seconds, chosen.default_country)
        case "photon":
            return providers.photon(url, agent, seconds)
        case "pelias":
            return providers.pelias(
                url, chosen.geocoder_key, agent, seconds, chosen.default_country
            )
