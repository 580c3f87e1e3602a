"""What a support tool sent, in our words: whatever the tool, a message of a customer, or why there is none."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from warum_api.problems import Fault, Problem, shortened


@dataclass(frozen=True, slots=True)
class Message:
    """One text of a customer.

    Attributes:
        message_id: Comes back with what was read.
        text: As it came, perhaps HTML; None where there is none.
        html: Whether it is HTML; None to look.
        mail: Whether quotes and signatures are cut off.
        ticket: The ticket that it belongs to, if any.
        customer: Who wrote it, if known.
        date: When, as ISO 8601, if known.
        score: A score that came with it.
        language: ISO 639-1 code, if known.
        source: Where it came from.
        question: The question that it answers.
        subject: Read if the text holds nothing of the customer's own.
        skip: Characters at the beginning of the text that the tool has put there.
    """

    message_id: str | int
    text: str | None = field(repr=False)
    html: bool | None = None
    mail: bool = True
    ticket: str | int | None = None
    customer: str | int | None = None
    date: str | None = None
    score: float | None = None
    language: str | None = None
    source: str | None = None
    question: str | None = None
    subject: str | None = field(default=None, repr=False)
    skip: int = 0


@dataclass(frozen=True, slots=True)
class Skipped:
    """A request in which there is nothing to read.

    Attributes:
        code: Why: `staff` wrote it, it is `private`, or the event is of another kind (`other_event`).
        ticket: The ticket that it is about, if it says.
    """

    code: str
    ticket: str | int | None = None


def part(payload: Mapping[str, Any], name: str, at: str) -> Mapping[str, Any]:
    """An object inside a payload.

    Args:
        payload: Where it should stand.
        name: Its key.
        at: JSON Pointer to the payload.

    Raises:
        Problem: `invalid_request`, if it is missing or no object.
    """
    value = payload.get(name)
    if not isinstance(value, Mapping):
        raise unusable(f"{at}/{name}", value, "an object")
    return value


def text_in(payload: Mapping[str, Any], name: str, at: str) -> str | None:
    """A text inside a payload; None where it is null or missing.

    Raises:
        Problem: `invalid_request`, if it is something else.
    """
    value = payload.get(name)
    if value is None or isinstance(value, str):
        return value
    raise unusable(f"{at}/{name}", value, "a text")


def id_in(payload: Mapping[str, Any], name: str, at: str) -> str | int | None:
    """An id inside a payload: a number or a text; None where it is null, empty or missing.

    Raises:
        Problem: `invalid_request`, if it is something else.
    """
    value = payload.get(name)
    if value is None or value == "":
        return None
    if isinstance(value, (str, int)) and not isinstance(value, bool):
        return value
    raise unusable(f"{at}/{name}", value, "a number or a text")


def unusable(pointer: str, came: object, expected: str) -> Problem:
    """The problem of one wrong value in a payload."""
    shown = None if came is None else shortened(came)
    fault = Fault(pointer=pointer, detail=f"expected {expected}", came=shown)
    return Problem(
        "invalid_request",
        f"{pointer or 'The body'}: expected {expected}.",
        came="nothing" if came is None else came,
        expected=expected,
        errors=[fault.model_dump(exclude_none=True)],
    )
