"""From a tool's request to the answer by which it routes; knows nothing of HTTP but its problems."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime
from typing import Any, Generic

from warum.caveats import Ui
from warum.records import Comment, Opinion, ReadComment
from warum.taxonomy import Taxonomy
from warum_api.adapting.adapters import Adapter, Adapters, Reader, Ready, Tool
from warum_api.adapting.excerpts import Excerpt
from warum_api.adapting.freshdesk import freshdesk_message, verify_shared_secret
from warum_api.adapting.mapping import BadRecord, Mapper
from warum_api.adapting.markup import looks_like_html, text_of_html
from warum_api.adapting.quoting import own_words
from warum_api.adapting.routing import Held, Route, explained, route
from warum_api.adapting.rules import RoutingRule
from warum_api.adapting.tickets import Message, Skipped
from warum_api.adapting.zendesk import verify_zendesk, zendesk_message
from warum_api.engine.deadlines import Deadline
from warum_api.problems import Problem

PRIORITIES: Mapping[Tool, Mapping[str, str | int]] = {
    "zendesk": {"low": "low", "normal": "normal", "high": "high", "urgent": "urgent"},
    "freshdesk": {"low": 1, "normal": 2, "high": 3, "urgent": 4},
    "json": {},
}
"""Urgencies in each tool's own words, as its API takes them."""

_SKIPPED: Mapping[str, Mapping[Ui, str]] = {
    "staff": {
        "en": "Written by an agent: only what customers write is read.",
        "de": "Von Mitarbeitenden geschrieben: gelesen wird nur, was Kundinnen und Kunden schreiben.",
    },
    "private": {
        "en": "A private note is not read.",
        "de": "Eine interne Notiz wird nicht gelesen.",
    },
    "other_event": {
        "en": "This event holds no new text.",
        "de": "Dieses Ereignis enthält keinen neuen Text.",
    },
}


class Answering(Generic[Ready]):
    """Answers tools.

    Args:
        adapters: Which are connected.
        reader: Reads comments.
        most_characters: Most characters of a text.
        clock: The time, with a time zone.
    """

    def __init__(
        self,
        adapters: Adapters,
        reader: Reader[Ready],
        *,
        most_characters: int,
        clock: Callable[[], datetime] = lambda: datetime.now(UTC),
    ) -> None:
        self._adapters, self._reader = adapters, reader
        self._most_characters, self._clock = most_characters, clock

    async def answer(
        self,
        tool: Tool,
        adapter_id: str,
        headers: Mapping[str, str],
        body: bytes,
        *,
        ui: Ui,
        deadline: Deadline,
    ) -> bytes:
        """Read what a tool sent and say where it belongs; the same request gets the same bytes.

        Args:
            tool: The tool of the route.
            adapter_id: The adapter of the route.
            headers: By lower-case name.
            body: The body as it came.
            ui: Language of titles and explanations.
            deadline: When it must be answered.

        Raises:
            Problem: `not_found`, `bad_signature`, `malformed_json`, `invalid_request`, or what the engine
                raises.
        """
        adapter = await self._adapters.find(adapter_id)
        if adapter is None or adapter.tool != tool:
            raise Problem("not_found", "There is no such adapter.", came=adapter_id)
        if tool == "zendesk":
            verify_zendesk(headers, body, adapter.secrets, now=self._clock())
        else:
            verify_shared_secret(headers, adapter.secrets)
        # A body may be large: other requests go on meanwhile.
        messages = await asyncio.to_thread(_messages, adapter, body)
        ready = await self._reader.compiled(adapter.taxonomy, deadline)
        about = {
            "model": {"name": ready.model, "version": ready.version},
            "taxonomy": {"name": ready.taxonomy.name, "hash": ready.taxonomy.hash},
            "rule": {"name": adapter.rule.name, "version": adapter.rule.version},
        }
        if isinstance(messages, Skipped):
            skipped = {"code": messages.code, "message": _SKIPPED[messages.code][ui]}
            return _bytes({**about, "ticket": messages.ticket, "skipped": skipped, "results": []})
        prepared = await asyncio.to_thread(self._prepared_all, messages, adapter)
        comments = [p[1] for p in prepared if p is not None]
        read = iter(await self._reader.read(comments, ready, deadline))
        shown = _Shown(adapter, ready.taxonomy, ui)
        results = [
            self._refused(m)
            if p is None or isinstance(m, BadRecord)
            else shown.result(m, p[0], next(read))
            for m, p in zip(messages, prepared, strict=True)
        ]
        first = messages[0]
        ticket = first.ticket if isinstance(first, Message) else None
        return _bytes({**about, "ticket": ticket, "skipped": None, "results": results})

    def _prepared_all(
        self, messages: Sequence[Message | BadRecord], adapter: Adapter
    ) -> list[tuple[Excerpt | None, Comment] | None]:
        return [self._prepared(message, adapter) for message in messages]

    def _prepared(
        self, message: Message | BadRecord, adapter: Adapter
    ) -> tuple[Excerpt | None, Comment] | None:
        """What is read of a message, as an excerpt of its text (None: its subject is); None if nothing."""
        if isinstance(message, BadRecord) or len(message.text or "") > self._most_characters:
            return None
        excerpt = _excerpt(message)
        text = None if excerpt is None else excerpt.text
        if not (text or "").strip() and message.subject:
            excerpt, text = None, message.subject[: self._most_characters]
        comment = Comment(
            comment_id=str(message.message_id),
            text=text,
            row=1,
            question=message.question,
            source=message.source,
            language=message.language or adapter.language,
        )
        return excerpt, comment

    def _refused(self, message: Message | BadRecord) -> dict[str, Any]:
        if isinstance(message, BadRecord):
            faults = [fault.model_dump(exclude_none=True) for fault in message.faults]
            said = f"{faults[0]['pointer'] or 'The record'}: {faults[0]['detail']}"
            error = {"code": "invalid_record", "message": said, "errors": faults}
        else:
            came = len(message.text or "")
            said = f"The text has {came} characters, expected at most {self._most_characters}."
            error = {"code": "text_too_long", "message": said}
        return {"id": message.message_id, "error": error}


class _Shown:
    """Results as JSON, for one adapter and language."""

    def __init__(self, adapter: Adapter, taxonomy: Taxonomy, ui: Ui) -> None:
        self._rule: RoutingRule = adapter.rule
        self._priorities, self._taxonomy, self._ui = PRIORITIES[adapter.tool], taxonomy, ui
        self._titles = {code: taxonomy.title(code, ui) for code in taxonomy.codes}

    def result(self, message: Message, excerpt: Excerpt | None, read: object) -> dict[str, Any]:
        """The result of a message, see `RoutedOut`."""
        if not isinstance(read, ReadComment):
            said = "The model failed on this comment: tell the operator the id of the request."
            return {"id": message.message_id, "error": {"code": "unreadable", "message": said}}
        found = route(read, self._taxonomy, self._rule)
        category = found.category
        return {
            "id": message.message_id,
            "ticket": message.ticket,
            "customer": message.customer,
            "date": message.date,
            "score": message.score,
            "category": category,
            "title": None if category is None else self._titles.get(category, category),
            "owner": found.owner,
            "urgency": found.urgency,
            "priority": self._priorities.get(found.urgency),
            "confidence": None if found.opinion is None else found.opinion.confidence,
            "evidence": self._evidence(message, excerpt, found.opinion),
            "language": read.language or None,
            "polarity": read.polarity,
            "emotion": read.emotion,
            "intent": read.intent,
            "why": self._why(found),
            "read": "subject" if excerpt is None and read.text is not None else "text",
            "cut": [
                {"start": c.start + message.skip, "end": c.end + message.skip, "reason": c.reason}
                for c in (excerpt.cuts if excerpt is not None else ())
            ],
        }

    def _evidence(
        self, message: Message, excerpt: Excerpt | None, opinion: Opinion | None
    ) -> dict[str, Any] | None:
        """Where the category stands in the text as it came; in the subject, if that was read."""
        if opinion is None:
            return None
        start, end = opinion.start, opinion.end
        if excerpt is not None:
            start, end = (p + message.skip for p in excerpt.place(start, end))
        return {"text": opinion.evidence, "start": start, "end": end}

    def _why(self, found: Route) -> dict[str, Any]:
        return {
            "row": found.row,
            "held": [_held(held) for held in found.held],
            "owner_from": found.owner_from,
            "sentences": explained(found, self._rule, self._titles, self._ui),
        }


def _held(held: Held) -> dict[str, Any]:
    return {
        "part": held.part,
        "came": held.came,
        "confidence": held.confidence,
        "expected": list(held.expected),
        "least": held.least,
    }


def _messages(adapter: Adapter, body: bytes) -> Sequence[Message | BadRecord] | Skipped:
    payload = _parsed(body)
    if adapter.mapping is not None:
        return Mapper(adapter.mapping).messages(payload)
    message = zendesk_message(payload) if adapter.tool == "zendesk" else freshdesk_message(payload)
    return message if isinstance(message, Skipped) else [message]


def _excerpt(message: Message) -> Excerpt | None:
    if message.text is None:
        return None
    text = message.text[message.skip :]
    if message.mail:
        return own_words(text, html=message.html)
    html = looks_like_html(text) if message.html is None else message.html
    return text_of_html(text) if html else Excerpt.whole(text)


def _parsed(body: bytes) -> object:
    try:
        parsed: object = json.loads(body)
    except (ValueError, RecursionError) as error:
        raise Problem(
            "malformed_json", f"The body is no JSON: {error}.", came=body, expected="JSON"
        ) from None
    return parsed


def _bytes(answer: Mapping[str, Any]) -> bytes:
    return json.dumps(answer, ensure_ascii=False, separators=(",", ":")).encode("utf-8", "replace")
