"""Which implementation stands behind each port of the lower packages."""

from dispatch.accounts.ports import code_sender, subject_directory
from dispatch.customers.ports import territory_rule, timeline_sources
from dispatch.customers.service import CustomerDirectory
from dispatch.feedback import queries as feedback
from dispatch.messaging import queries as messaging
from dispatch.messaging.development_inbox import DevelopmentInbox
from dispatch.messaging.lifecycle import Channel
from dispatch.messaging.ports import MessageChannel, channels
from dispatch.messaging.service import CodesByMessage
from dispatch.scheduling.board.ports import open_offers
from dispatch.territories.service import NearestTerritory
from dispatch.work_orders.details import queries as work_orders
from kernel.settings import settings
from marketplace.offers.queries import list_for_board


def connect() -> None:
    """Wire every port; safe to repeat."""
    subject_directory.wire(CustomerDirectory())
    code_sender.wire(CodesByMessage())
    territory_rule.wire(NearestTerritory())
    timeline_sources.wire([work_orders.timeline, messaging.timeline, feedback.timeline])
    open_offers.wire(list_for_board)
    channels.wire(_message_channels())


def _message_channels() -> dict[Channel, MessageChannel]:
    """The adapters that the settings name; without one each message is marked undeliverable."""
    match settings().message_channel:
        case "inbox":
            return dict.fromkeys(Channel, DevelopmentInbox())
        case "none":
            return {}
