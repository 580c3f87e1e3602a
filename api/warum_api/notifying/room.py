"""The parts of this room put together, as the settings have it."""

from __future__ import annotations

import ipaddress
from dataclasses import dataclass

from warum_api.notifying.addresses import AddressRules
from warum_api.notifying.delivering import Dispatcher
from warum_api.notifying.publishing import Publisher
from warum_api.notifying.sending import Sender
from warum_api.notifying.stored import StoredOutbox, StoredSubscriptions
from warum_api.notifying.subscriptions import CommentTexts
from warum_api.notifying.webhooks import Webhooks
from warum_api.settings import Settings
from warum_api.storing.database import Database


@dataclass(frozen=True)
class Notifying:
    """What others need of webhooks.

    Attributes:
        webhooks: What tenants may do.
        publisher: Tells of events.
        dispatcher: Sends what waits.
    """

    webhooks: Webhooks
    publisher: Publisher
    dispatcher: Dispatcher


def notifying(
    settings: Settings, database: Database, texts: CommentTexts | None = None
) -> Notifying:
    """Webhooks that are stored in a database.

    Args:
        settings: Which addresses may be called, and whether texts may be sent.
        database: Where they are.
        texts: Texts of comments.
    """
    subscriptions, outbox = StoredSubscriptions(database), StoredOutbox(database)
    sender = Sender(rules_of(settings))
    webhooks = Webhooks(subscriptions, outbox, sender, text_allowed=settings.webhook_text)
    dispatcher = Dispatcher(subscriptions, outbox, sender)
    return Notifying(webhooks, Publisher(database, texts), dispatcher)


def rules_of(settings: Settings) -> AddressRules:
    """Which addresses webhooks may call, by the settings."""
    named = [part.strip() for part in settings.webhook_networks.split(",") if part.strip()]
    everywhere = AddressRules.private_too().networks if "all" in named else ()
    networks = tuple(ipaddress.ip_network(one) for one in named if one != "all")
    if settings.webhook_http:
        return AddressRules((*everywhere, *networks), ports=None, plain_http=True)
    return AddressRules((*everywhere, *networks))
