"""Pictures: quality against speed."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from benchmarks.models import categories, speed
from benchmarks.models.memory import MINILM
from benchmarks.models.record import Row
from warum.report.chart_style import BETTER, INK, MUTED, WORSE
from warum_models.stored import WEIGHTS, read_config

SIZE = {"width": 620, "height": 340}


def quality_against_speed(rows: Sequence[Row], folder: Path) -> str:
    """FABSA micro F1 of what needs no label against texts per second; markdown that shows the picture.

    Args:
        rows: Rows of the parts `models_categories` and `models_speed`.
        folder: Where the picture goes.

    Returns:
        Markdown, empty where a part was not measured yet.
    """
    rates = {row.contender: row["texts_per_s"] for row in rows if row.key == "speed"}
    best: dict[str, float] = {}
    for row in rows:
        if row.part == categories.PART and row.key == "fabsa" and "micro" in row.figures:
            name = MINILM if row.way == "untuned threshold" else row.contender
            best.setdefault(name, row["micro"])  # the first way is the one that counts
    points = [
        {"name": _shown(name), "texts per second": rates[name], "micro F1": value,
         "colour": MUTED if name == MINILM else BETTER}
        for name, value in best.items() if name in rates
    ]  # fmt: skip
    if not points:
        return ""
    _draw(_labelled(points, "FABSA test, category micro F1"), folder / "models_speed.png")
    return "![Quality against speed: category micro F1 on FABSA against texts per second](models_speed.png)"


def _shown(name: str) -> str:
    return "cosine on frozen MiniLM" if name == MINILM else name


def _labelled(points: list[dict[str, Any]], title: str) -> Any:  # noqa: ANN401 - altair is imported when needed
    import altair as alt

    base = alt.Chart(alt.Data(values=points)).encode(
        x=alt.X(
            "texts per second:Q",
            scale=alt.Scale(type="log", nice=True),
            title="texts per second, two cores (log)",
        ),
        y=alt.Y("micro F1:Q", scale=alt.Scale(zero=False, padding=24), title=title),
    )
    dots = base.mark_circle(size=120, opacity=1).encode(color=alt.Color("colour:N", scale=None))
    names = base.mark_text(dy=-14, fontSize=13, color=INK).encode(text="name:N")
    return alt.layer(dots, names).properties(**SIZE)


def cascade(rows: Sequence[Row], folder: Path) -> str:
    """Quality against speed of the cascade; markdown, empty where it was not measured."""
    held = [row for row in rows if row.key == speed.CURVE]
    if not held:
        return ""
    import altair as alt

    series = (("fabsa", "FABSA (en)", MUTED), ("authored_en", "authored (en)", BETTER),
              ("authored_de", "authored (de)", WORSE))  # fmt: skip
    points = [
        {"texts per second": row["texts_per_s"], "micro F1": row[key], "limit": row["limit"], "texts": name}
        for row in held for key, name, _ in series
    ]  # fmt: skip
    base = alt.Chart(alt.Data(values=points)).encode(
        x=alt.X("texts per second:Q", scale=alt.Scale(type="log"), title="texts per second, two cores (log)"),
        y=alt.Y("micro F1:Q", scale=alt.Scale(zero=False), title="category micro F1"),
        color=alt.Color("texts:N", title=None, scale=alt.Scale(
            domain=[name for _, name, _ in series], range=[colour for *_, colour in series])),
    )  # fmt: skip
    line = base.mark_line(point=True).encode(order="limit:Q")
    limits = base.mark_text(dy=-12, fontSize=11).encode(text="limit:Q")
    _draw(alt.layer(line, limits).properties(**SIZE), folder / "models_cascade.png")
    return "![Cascade: micro F1 against texts per second, by its limit](models_cascade.png)"


def limit(folder: Path) -> str:
    """What `auto` loses by not sending everything on, from the recipe of the weights; markdown."""
    import altair as alt

    config = read_config(WEIGHTS / "auto")
    series = (("pair_f1", "category with polarity", BETTER), ("category_f1", "category", MUTED))
    share, f1 = "comments that go on to accurate, %", "micro F1"
    points = [
        {share: 100 * point["share"], f1: point[key], "what": name}
        for point in config["curve"] for key, name, _ in series
    ]  # fmt: skip
    chosen = next(point for point in config["curve"] if point["limit"] == config["limit"])
    marked = [{share: 100 * chosen["share"], "what": "the limit of auto"}]
    line = alt.Chart(alt.Data(values=points)).mark_line(point=True).encode(
        x=alt.X(f"{share}:Q"),
        y=alt.Y(f"{f1}:Q", scale=alt.Scale(zero=False), title="micro F1, held-out comments"),
        color=alt.Color("what:N", title=None, scale=alt.Scale(
            domain=[name for _, name, _ in series], range=[colour for *_, colour in series])),
    )  # fmt: skip
    rule = alt.Chart(alt.Data(values=marked)).encode(x=f"{share}:Q")
    named = rule.mark_text(align="left", dx=6, dy=SIZE["height"] / 2 - 14, color=INK)
    layers = alt.layer(
        line, rule.mark_rule(strokeDash=[4, 3], color=INK), named.encode(text="what:N")
    )
    _draw(layers.properties(**SIZE), folder / "auto_curve.png")
    return "![Quality of auto against the share of comments that go on](auto_curve.png)"


def _draw(chart: Any, path: Path) -> None:  # noqa: ANN401
    import altair as alt
    import vl_convert

    with alt.theme.enable("none"), alt.data_transformers.enable("default"):
        spec = chart.configure(background="white").to_dict()
    path.write_bytes(vl_convert.vegalite_to_png(spec, scale=2, allowed_base_urls=[]))
