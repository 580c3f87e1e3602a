"""The report as one HTML file that needs nothing else, and its parts for a page that stands around them."""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache, partial
from importlib.resources import files
from typing import TYPE_CHECKING, Any

from markupsafe import Markup

from warum.caveats import Ui
from warum.report import manner_sentences, sentences
from warum.report.chart_style import swap_colours
from warum.report.column_words import column_reason
from warum.report.marked import quote_group
from warum.report.numbers import number, percent, q_value
from warum.report.periods import period
from warum.report.report_blocks import categories_picture, manner_block, score_block
from warum.report.summary_records import PICTURED, Summary
from warum.report.why_page import Pictures
from warum.report.why_sections import Section
from warum.report.words import say, say_or

if TYPE_CHECKING:
    import jinja2

SECTIONS = ("categories", "manner", "quotes", "coverage", "method")
METHOD_KEYS = ("method_1", "method_2", "method_3", "method_4")
METHOD_KEYS_NO_SCORE = ("method_1", "method_4")

Linked = Callable[[str, str | None], str]
"""Address of the comments about a category and polarity (None for all polarities)."""


@dataclass(frozen=True, slots=True)
class Embedded:
    """The report's parts for a page: its top heading with the figures, and the reasons beneath."""

    head: Markup
    reasons: Markup


@dataclass(frozen=True, slots=True)
class Asking:
    """Where a page asks what the columns are.

    Attributes:
        address: The place; None where the reader has none.
        unused: The columns that nothing was made of.
    """

    address: str | None = None
    unused: tuple[str, ...] = ()


def render_html(summary: Summary, ui: Ui, why: Sequence[Section] = ()) -> str:
    """The whole report as one HTML document.

    Args:
        summary: What was found.
        ui: Language of labels, sentences and numbers.
        why: Sections of the "why" in the same language (`why_view.sections_of`).

    Returns:
        A document without any external resource; its one script is allowed by its hash.
    """
    script = _shipped("report.js")
    anchors = {block.pair: f"quotes-{i}" for i, block in enumerate(summary.quotes, start=1)}
    html = (
        _environment()
        .get_template("report.html.j2")
        .render(
            title=say("report_title" if summary.scores else "report_title_no_score", ui),
            groups=[
                quote_group(block, anchors[block.pair], summary.titles, ui)
                for block in summary.quotes
            ],
            hrefs={pair: f"#{anchor}" for pair, anchor in anchors.items()},
            topic_href=None,
            asking=Asking(),
            script=Markup(script),  # noqa: S704 - our own file
            script_hash=base64.b64encode(hashlib.sha256(script.encode()).digest()).decode(),
            css=Markup(_css()),  # noqa: S704 - our own file
            **_facts(summary, ui, why, SECTIONS),
        )
    )
    return str(html)


def embed_reasons(
    summary: Summary, ui: Ui, why: Sequence[Section], linked: Linked, asking: Asking = Asking()
) -> Embedded:
    """Heading, figures and reasons of the report, for a page that shows the comments itself.

    Args:
        summary: What was found.
        ui: Language of labels, sentences and numbers.
        why: Sections of the "why" in the same language.
        linked: Where the comments about a topic are.
        asking: Where doubts about columns are settled.

    Returns:
        HTML without scripts, styles or addresses but `linked`'s; styles are those of the report.
    """
    facts = _embedded(summary, ui, why, linked, asking)
    return Embedded(_rendered("head.html.j2", facts), _rendered("reasons.html.j2", facts))


def embed_topics(summary: Summary, ui: Ui, linked: Linked, asking: Asking = Asking()) -> Markup:
    """What was spoken of, how, and how much was read: the rest of what `embed_reasons` gives."""
    facts = _embedded(summary, ui, (), linked, asking)
    return _rendered("topics.html.j2", facts) + _rendered("reading.html.j2", facts)


def _embedded(
    summary: Summary, ui: Ui, why: Sequence[Section], linked: Linked, asking: Asking
) -> dict[str, Any]:
    pairs = {driver.pair for score in summary.scores for driver in score.drivers}
    return {
        **_facts(summary, ui, why, tuple(key for key in SECTIONS if key != "quotes")),
        "asking": asking,
        "groups": [],
        "hrefs": {pair: linked(*pair) for pair in pairs},
        "topic_href": lambda code: linked(code, None),
    }


def _rendered(name: str, facts: Mapping[str, Any]) -> Markup:
    return Markup(_environment().get_template(name).render(facts))  # noqa: S704 - escaped by the template


def _facts(
    summary: Summary, ui: Ui, why: Sequence[Section], sections: Sequence[str]
) -> dict[str, Any]:
    """What the templates of the sections need."""
    methods = {score.metric.method for score in summary.scores}
    methods |= {driver.method for score in summary.scores for driver in score.drivers}
    return {
        "summary": summary,
        "ui": ui,
        "headline": sentences.headline(summary, ui),
        "blocks": [score_block(score, i, ui) for i, score in enumerate(summary.scores, start=1)],
        # A change that was asked about comes before what is there anyway.
        "why_first": [section for section in why if section.key == "change"],
        "why": [section for section in why if section.key != "change"],
        "pictures": Pictures(),
        "sections": [key for key in sections if key != "manner" or summary.manners],
        "manner": manner_block(summary, ui),
        "categories_picture": categories_picture(summary, ui),
        "first": PICTURED,
        "coverage": sentences.coverage_sentences(summary, ui),
        "methods": ", ".join(sorted(methods)),
        "method_keys": METHOD_KEYS if summary.scores else METHOD_KEYS_NO_SCORE,
        **_words_for_template(summary, ui),
    }


def _words_for_template(summary: Summary, ui: Ui) -> dict[str, Callable[..., Any]]:
    least = summary.facts.min_group

    def cell(count: int | None) -> str:
        return say("hidden", ui, least=least) if count is None else number(count, ui)

    def rich(key: str, **details: object) -> Markup:
        return Markup(say(key, ui)).format(**details)  # noqa: S704 - our own words; details are escaped

    return {
        "say": lambda key, **details: say(key, ui, **details),
        "say_or": lambda key, otherwise: say_or(key, ui, otherwise),
        "rich": rich,
        "cell": cell,
        "number": lambda value, decimals=0: number(value, ui, decimals),
        "percent": partial(percent, ui=ui),
        "column_reason": partial(column_reason, ui=ui),
        "period": partial(period, ui=ui),
        "q_value": partial(q_value, ui=ui),
        "share_span": partial(manner_sentences.share_span, ui=ui),
        "caveat_text": lambda caveat: sentences.caveat_text(caveat, summary.titles, ui),
        "label": lambda title, polarity: sentences.label(title, polarity, ui),
    }


@cache
def _environment() -> jinja2.Environment:
    import jinja2

    return jinja2.Environment(
        loader=jinja2.PackageLoader("warum.report"),
        autoescape=True,
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )


def _shipped(name: str) -> str:
    return (files("warum.report") / "templates" / name).read_text("utf-8").strip()


def _css() -> str:
    dark = f"@media screen and (prefers-color-scheme: dark) {{\n{swap_colours('.chart')}\n}}"
    return f"{_shipped('report.css')}\n{dark}"
