"""Any JSON as messages: a mapping tells where in it the text, id, customer and so on stand.

Paths are JSONPath (RFC 9535), by the library jsonpath-rfc9535, which follows the standard to the letter and tells
the place of what it finds. JMESPath was the other choice; it tells no places, so a problem could not name them.

    records: $.reviews[*]        # one message each; left out: the body is the one message
    fields:                      # `$` is the record here
      text: $.review.body        # required
      id: $.id                   # left out: the number of the record, from 1
      customer: $.author.id
      date: $.created_at         # ISO 8601, or Unix seconds
      score: $.stars
      language: $.lang
      source: $.channel
      question: $.prompt
    constants: {source: review}  # where the data do not say
    mail: false                  # cut off quotes and signatures
    html: null                   # true, false, or null to look
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Annotated, Any, Literal

from jsonpath_rfc9535 import JSONPathEnvironment, JSONPathError, JSONPathNode, JSONPathQuery
from pydantic import AfterValidator, BaseModel, ConfigDict, Field, StringConstraints

from warum.stages.language import language_code
from warum_api.adapting.tickets import Message, unusable
from warum_api.problems import Fault, Problem, shortened

MOST_RECORDS = 1_000
FieldName = Literal[
    "text", "id", "customer", "date", "score", "language", "source", "question", "subject"
]  # fmt: skip


class _Paths(JSONPathEnvironment):
    """JSONPath without `match` and `search`: their patterns can be made to take for ever."""

    def setup_function_extensions(self) -> None:
        """Only the functions that count."""
        super().setup_function_extensions()
        for name in ("match", "search"):
            del self.function_extensions[name]


def _checked_path(path: str) -> str:
    try:
        _Paths().compile(path)
    except JSONPathError as error:
        raise ValueError(f"is no JSONPath (RFC 9535) such as $.review.body: {error}") from None
    return path


Path = Annotated[str, StringConstraints(max_length=300), AfterValidator(_checked_path)]


class JsonMapping(BaseModel):
    """Where in a JSON body the messages stand, and their fields."""

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True)

    records: Path = Field(default="$", description="One message each; `$` is the body.")
    fields: dict[FieldName, Path] = Field(
        description="Where each field stands; `$` is the record. `text` is required."
    )
    constants: dict[Literal["language", "source", "question"], str] = Field(
        default_factory=dict, description="Used where the data do not say."
    )
    mail: bool = Field(default=False, description="Cut off quotes and signatures.")
    html: bool | None = Field(default=None, description="Whether texts are HTML; null to look.")

    def model_post_init(self, _: object) -> None:
        """Refuse a mapping without text.

        Raises:
            ValueError: If there is none.
        """
        if "text" not in self.fields:
            raise ValueError("fields has no text: tell where the text stands, such as $.body")


@dataclass(frozen=True, slots=True)
class BadRecord:
    """A record that is no message.

    Attributes:
        message_id: Its id, where it has one.
        faults: What is wrong with it, each with the place in the body and what stood there.
    """

    message_id: str | int | None
    faults: tuple[Fault, ...]


class Mapper:
    """Reads bodies by a mapping.

    Args:
        mapping: The mapping.
    """

    def __init__(self, mapping: JsonMapping) -> None:
        paths = _Paths()
        self._mapping = mapping
        self._records = paths.compile(mapping.records)
        self._fields: dict[str, tuple[str, JSONPathQuery]] = {
            name: (path, paths.compile(path)) for name, path in mapping.fields.items()
        }

    def messages(self, body: Any) -> list[Message | BadRecord]:  # noqa: ANN401 - any JSON
        """The messages in a body, in its order; a bad record does not spoil the others.

        Args:
            body: The body, parsed.

        Raises:
            Problem: `invalid_request`, if there are no records, more than 1,000, or it is nested too deep.
        """
        try:
            found = self._records.find(body)
        except (JSONPathError, RecursionError) as error:
            raise unusable(
                "", None, f"JSON that {self._mapping.records} can be found in"
            ) from error
        if not 0 < len(found) <= MOST_RECORDS:
            raise Problem(
                "invalid_request",
                f"The path {self._mapping.records} finds {len(found)} records.",
                came=body,
                expected=f"1 to {MOST_RECORDS} records at {self._mapping.records}",
            )
        return [self._message(node, number) for number, node in enumerate(found, 1)]

    def _message(self, record: JSONPathNode, number: int) -> Message | BadRecord:
        values: dict[str, Any] = {}
        faults: list[Fault] = []
        for name, (path, query) in self._fields.items():
            try:
                values[name] = self._value(record, name, path, query)
            except _Wrong as wrong:
                faults.append(wrong.fault)
        message_id = values.get("id")
        if faults:
            return BadRecord(message_id, tuple(faults))
        constants = self._mapping.constants
        return Message(
            number if message_id is None else message_id,
            values["text"],
            html=self._mapping.html,
            mail=self._mapping.mail,
            customer=values.get("customer"),
            date=values.get("date"),
            score=values.get("score"),
            language=values.get("language") or language_code(constants.get("language")),
            source=values.get("source") or constants.get("source"),
            question=values.get("question") or constants.get("question"),
            subject=values.get("subject"),
        )

    def _value(self, record: JSONPathNode, name: str, path: str, query: JSONPathQuery) -> Any:  # noqa: ANN401
        found = query.find(record.value)  # type: ignore[arg-type] # any JSON
        if len(found) > 1:
            places = [_pointer((*record.location, *node.location)) for node in found[:2]]
            came = f"{len(found)} values, at {' and '.join(places)}"
            raise _Wrong(_pointer(record.location), f"{name}: {path} must find one value", came)
        if not found:
            if name == "text":
                raise _Wrong(
                    _pointer(record.location), f"{name}: {path} finds nothing", record.value
                )
            return None
        value = found[0].value
        if value is None:
            return None
        try:
            return _READ[name](value)
        except ValueError as error:
            place = _pointer((*record.location, *found[0].location))
            raise _Wrong(place, f"{name} ({path}): expected {error}", value) from None


class _Wrong(Exception):  # noqa: N818 - goes no further than this module
    """A value that cannot be used."""

    def __init__(self, pointer: str, detail: str, came: object) -> None:
        super().__init__(detail)
        self.fault = Fault(pointer=pointer, detail=detail, came=shortened(came))


def _pointer(location: Sequence[int | str]) -> str:
    """A place as a JSON Pointer (RFC 6901)."""
    steps = (str(step).replace("~", "~0").replace("/", "~1") for step in location)
    return "".join(f"/{step}" for step in steps)


def _text(value: object) -> str:
    if isinstance(value, str):
        return value
    raise ValueError("a text")


def _id(value: object) -> str | int:
    if isinstance(value, (str, int)) and not isinstance(value, bool) and len(str(value)) <= 200:
        return value
    raise ValueError("a text of at most 200 characters or a whole number")


def _number(value: object) -> float:
    if isinstance(value, (int, float, str)) and not isinstance(value, bool):
        try:
            number = float(value)
        except (ValueError, OverflowError):
            number = math.nan
        if math.isfinite(number):
            return number
    raise ValueError("a number")


def _date(value: object) -> str:
    try:
        if isinstance(value, str):
            return datetime.fromisoformat(value).isoformat()
        if isinstance(value, (int, float)) and not isinstance(value, bool) and 0 <= value < 1e11:
            return datetime.fromtimestamp(value, UTC).isoformat()
    except (ValueError, OverflowError, OSError):
        pass
    raise ValueError("a date in ISO 8601 or Unix seconds")


def _language(value: object) -> str:
    code = language_code(value) if isinstance(value, str) else None
    if code is None:
        raise ValueError("a language such as de or en")
    return code


_READ: Mapping[str, Callable[[object], Any]] = {
    "text": _text,
    "id": _id,
    "customer": _id,
    "date": _date,
    "score": _number,
    "language": _language,
    "source": _text,
    "question": _text,
    "subject": _text,
}
