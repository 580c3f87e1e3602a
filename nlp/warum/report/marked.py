"""Quotes cut into pieces, so that evidence can be marked."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

from warum.caveats import Ui
from warum.report import sentences
from warum.report.quotes import Quote
from warum.report.summary_records import DriverQuotes
from warum.report.words import say


@dataclass(frozen=True, slots=True)
class Piece:
    """A stretch of a quote; `polarity` is "" where nothing was read from it."""

    text: str
    polarity: str
    title: str
    own: bool


@dataclass(frozen=True, slots=True)
class ShownQuote:
    """A quote cut into pieces."""

    pieces: tuple[Piece, ...]
    cut_before: bool
    cut_behind: bool
    language: str
    reference: str
    ui: Ui


@dataclass(frozen=True, slots=True)
class QuoteGroup:
    """The quotes about one category and polarity."""

    anchor: str
    name: str
    polarity: str
    quotes: tuple[ShownQuote, ...]


def quote_group(
    block: DriverQuotes, anchor: str, titles: Mapping[str, Mapping[Ui, str]], ui: Ui
) -> QuoteGroup:
    """The quotes of one driver, ready to be shown.

    Args:
        block: The quotes.
        anchor: Id of the group on the page.
        titles: Titles of the other topics marked in them.
        ui: Language of titles and references.
    """
    return QuoteGroup(
        anchor=anchor,
        name=sentences.label(block.title, block.polarity, ui),
        polarity=block.polarity,
        quotes=tuple(_shown_quote(quote, block, titles, ui) for quote in block.quotes),
    )


def plain_group(
    anchor: str, name: str, polarity: str, quotes: Sequence[Quote], ui: Ui
) -> QuoteGroup:
    """Quotes without marks, ready to be shown.

    Args:
        anchor: Id of the group on the page.
        name: Its heading.
        polarity: What colours it: negative, neutral or positive.
        quotes: The quotes.
        ui: Language of references.
    """
    shown = [_shown(quote, (Piece(quote.text, "", "", own=False),), ui) for quote in quotes]
    return QuoteGroup(anchor, name, polarity, tuple(shown))


def _shown_quote(
    quote: Quote, block: DriverQuotes, titles: Mapping[str, Mapping[Ui, str]], ui: Ui
) -> ShownQuote:
    return _shown(quote, tuple(_pieces(quote, block, titles, ui)), ui)


def _shown(quote: Quote, pieces: tuple[Piece, ...], ui: Ui) -> ShownQuote:
    return ShownQuote(
        pieces=pieces,
        cut_before=quote.offset > 0,
        cut_behind=quote.cut,
        language=quote.language if quote.language.isalpha() and quote.language != "und" else "",
        reference=say("comment_ref", ui, id=quote.comment_id),
        ui=ui,
    )


def _pieces(
    quote: Quote, block: DriverQuotes, titles: Mapping[str, Mapping[Ui, str]], ui: Ui
) -> Iterator[Piece]:
    """The text cut where marks begin or end; the quote's own topic wins where they overlap."""
    edges = {0, len(quote.text)}
    edges |= {edge for mark in quote.marks for edge in (mark.start, mark.end)}
    cuts = sorted(edges)
    for start, end in pairwise(cuts):
        inside = [mark for mark in quote.marks if mark.start <= start and end <= mark.end]
        inside.sort(key=lambda mark: (mark.category, mark.polarity) != block.pair)
        names = [
            sentences.label(titles.get(m.category, block.title), m.polarity, ui) for m in inside
        ]
        yield Piece(
            text=quote.text[start:end],
            polarity=inside[0].polarity if inside else "",
            title=", ".join(dict.fromkeys(names)),
            own=bool(inside) and (inside[0].category, inside[0].polarity) == block.pair,
        )
