"""A small "why", built by hand: a change, drivers, asymmetries, alerts, a journey and an audit."""

from __future__ import annotations

import math
from dataclasses import replace

from tests.warum.report.worlds import driver, estimate, facts
from warum.alerts.alerts import Alert
from warum.alerts.emotions import ShareRow
from warum.alerts.trends import TrendRow
from warum.answers.asymmetry import Asymmetry
from warum.answers.change import Change, Comparison, Mix
from warum.answers.corrected import Corrected
from warum.answers.journey import Journey
from warum.answers.level import Level, LevelRow
from warum.answers.metrics import Metrics, ScorePeakEnd
from warum.answers.outcomes import Outcome
from warum.answers.shares import Shares
from warum.answers.trends import Trends
from warum.answers.whatif import Assumed, WhatIf
from warum.answers.why import ScoreWhy, Why
from warum.audit.agreement import Agreement
from warum.audit.driver_records import CorrectedDriver
from warum.audit.prevalence import Parts, Prevalence
from warum.caveats import Caveat
from warum.metrics import ScoreScale
from warum.reasons import asymmetry as asymmetries
from warum.reasons import change_rows
from warum.reasons.buckets import NO_CATEGORY, OTHER_CATEGORIES
from warum.reasons.change_rows import AdjustedRow, ChangeRow, SegmentRow, SideOfRow
from warum.reasons.correlations import CorrelationRow
from warum.reasons.happiness import HappinessIndex, IndexPart, SegmentIndex
from warum.reasons.journey import JourneyRow, Origins, PlaceDriver
from warum.reasons.model_agreement import Agreement as ModelAgreement
from warum.reasons.peak_end import PeakEnd, PeakEndRow
from warum.reasons.penalty_reward import Kind
from warum.reasons.shares import Share
from warum.records import Estimate, Polarity

NPS = ScoreScale("nps", "nps", 0, 10)
UNKNOWN = Estimate(math.nan, math.nan, math.nan, 40, "none")
HIDDEN = SideOfRow(None, math.nan, math.nan, None)


def side_of(mentions: int, share: float, metric: float) -> SideOfRow:
    """One side of a row of a change."""
    return SideOfRow(mentions, share, metric, mentions)


def change_row(category: str, total: float, reach: float, *, found: bool = False) -> ChangeRow:
    """A bar of the waterfall; mix and rate share its total."""
    told = estimate(total, reach)
    return ChangeRow(
        category=category,
        polarity=None,
        before=side_of(20, 0.16, -40.0),
        after=side_of(19, 0.56, -95.0),
        mix=estimate(total / 4, reach),
        rate=estimate(3 * total / 4, reach),
        total=told,
        selected=told if found else None,
        p_value=0.001 if found else 0.5,
        q_value=0.01 if found else 0.6,
        caveats=(),
    )


def change() -> change_rows.Change:
    """A fall by 30 points: 10 by who answered, 15 by one topic, the rest by others; parts add up."""
    mix = estimate(-10.0, 4.0)
    hidden = replace(
        change_row("place.cleanliness", -1.0, 2.0),
        before=HIDDEN, mix=UNKNOWN, rate=UNKNOWN,
        caveats=(Caveat.of("split_withheld", side="2025-01", least=5),),
    )  # fmt: skip
    return change_rows.Change(
        names=("2025-01..2025-03", "2025-06"),
        before=estimate(-18.0, 6.0),
        after=estimate(-48.0, 9.0),
        difference=estimate(-30.0, 11.0),
        segment_mix=mix,
        segments=(
            SegmentRow(
                "phone", side_of(4, 0.07, -80), side_of(30, 0.51, -81), mix, estimate(-1, 4), ()
            ),
            SegmentRow(
                "web", side_of(60, 0.93, -14), side_of(29, 0.49, -16), estimate(0, 2), estimate(-1, 4), ()
            ),
        ),
        waterfall=(
            change_row("reliability", -15.0, 6.0, found=True),
            change_row("service.attitude", 2.0, 4.0),
            hidden,
            change_row(OTHER_CATEGORIES, -4.0, 5.0),
            change_row(NO_CATEGORY, -2.0, 5.0),
        ),
        adjusted=(
            AdjustedRow(
                (("reliability", "negative"), ("reliability", "positive")), (), estimate(-8, 3),
                estimate(-4, 3), estimate(-12, 5), estimate(-12, 6), 0.001, 0.01, (),
            ),
            AdjustedRow((), ("branch",), estimate(-1, 3), estimate(0, 3), estimate(-1, 4), None, 0.6, 0.7, ()),
        ),
        unexplained=estimate(-7.0, 9.0),
        suppressed=2,
        caveats=(Caveat.of("suppressed", n=2, least=5),),
    )  # fmt: skip


def comparison() -> Comparison:
    """The change between two periods, with the channel's mix split off."""
    mixes = (Mix("channel", estimate(-10, 4)), Mix("branch", estimate(-1, 4)))
    return Comparison("periods", "period", "channel", change(), mixes)


def differing() -> Comparison:
    """The same between two groups."""
    parts = replace(change(), names=("Nord", "<i>Süd</i> & Co"))
    return Comparison("groups", "branch", "channel", parts, ())


def level() -> Level:
    """Two findings and a driver that could be chance, by a model of the classes."""
    told = (
        driver("wait_time", "negative", -6.1, 1.8, "nps"),
        driver("service.attitude", "positive", 4.2, 1.5, "nps"),
        driver("price.value", "negative", -0.4, 0.9, "nps", q_value=0.4),
        driver(
            "competitor", "neutral", math.nan, math.nan, "nps", q_value=math.nan,
            caveats=(Caveat.of("collinear", others="wait_time negative"),),
        ),
    )  # fmt: skip
    rows = tuple(
        LevelRow(one, one.effect, one.impact, one.effect if one.q_value < 0.05 else None)
        for one in told
    )
    agreement = ModelAgreement(compared=3, rank=0.98, largest=0.44, apart=0)
    return Level(estimate(-20, 6), rows, estimate(-9, 7), 0.3, "ordered", agreement, 40, 2, ())


def shares() -> Shares:
    """A share of a third for one category, and what it is beside."""
    row = Share("wait_time", 0.2, 0.17, 0.21, 0.002, 0.002, (("negative", -1),), -1, ())
    other = Share("price.value", 0.1, -0.01, 0.1, 0.0, 0.0, (("negative", 0),), 0, ())
    return Shares((row, other), 0.1, 0.3, 0.6, 0.08, 0.16, 0.76, "lmg-sampled", 2000, ())


def asymmetry_row(
    category: str, penalty: float, reward: float, kind: Kind
) -> asymmetries.Asymmetry:
    """What complaints cost and praise gives."""
    return asymmetries.Asymmetry(
        category, estimate(penalty, 8), estimate(reward, 8), estimate(penalty - reward, 11), 30, 25,
        kind, estimate(penalty - reward, 12), 0.01, 0.02, "penalty-reward", (),
    )  # fmt: skip


def asymmetry() -> Asymmetry:
    """A topic of each kind, and one without an interval."""
    withheld = replace(
        asymmetry_row("delivery", 20.0, 5.0, "undecided"),
        reward=Estimate(5.0, math.nan, math.nan, 40, "penalty-reward"),
        caveats=(Caveat.of("interval_withheld", n=3),),
    )
    rows = (
        withheld,
        asymmetry_row("wait_time", 60.0, 10.0, "basic"),
        asymmetry_row("service.attitude", 12.0, 44.0, "excitement"),
        asymmetry_row("price.value", 30.0, 33.0, "performance"),
    )
    return Asymmetry(rows, ("returns",), 0.98, ())


def alert(**others: object) -> Alert:
    """Many complaints in one branch and month."""
    told = Alert(
        day="2025-06-01", until="2025-06-30", began="2025-06-01",
        category="wait_time", polarity="negative", by="branch", value="<b>Nord</b>",
        kind="spike", direction="rise", seen=19, occasions=34,
        expected=Estimate(3.7, 0, 9, 34, "beta-binomial"), p=1e-5, people=16,
        comments=("c0", "c1", "c12", "c13"), method="beta-binomial, lord",
    )  # fmt: skip
    return replace(told, **others)  # type: ignore[arg-type]


def line() -> tuple[TrendRow, ...]:
    """The share month by month: known, withheld, a month without anybody, the alert."""

    def row(month: str, share: Estimate, expected: Estimate) -> TrendRow:
        return TrendRow(
            f"2025-{month}-01",
            "wait_time",
            "negative",
            "branch",
            "<b>Nord</b>",
            share,
            expected,
            30,
        )

    few = Estimate(math.nan, math.nan, math.nan, 30, "none")
    told = Estimate(0.11, 0.0, 0.26, 34, "beta-binomial")
    return (
        row("01", Estimate(0.2, 0.1, 0.35, 30, "wilson"), few),
        row("02", few, told),
        row("04", Estimate(0.0, 0.0, 0.1, 30, "wilson"), told),
        row("06", Estimate(19 / 34, 0.4, 0.7, 34, "wilson"), told),
        row(
            "07",
            Estimate(0.2, 0.1, 0.35, 30, "wilson"),
            Estimate(0.5, 0.3, 0.9, 30, "beta-binomial"),
        ),
    )


def trends(*alerts: Alert) -> Trends:
    """What changed, with emotions at two touchpoints."""
    anger = [
        ShareRow(
            "touchpoint",
            place,
            "anger",
            Estimate(value, value - 0.1, value + 0.1, 50, "wilson"),
            40,
        )
        for place, value in (("physical", 0.2), ("digital", 0.6))
    ]
    joy = ShareRow("period", "2025-06", "joy", Estimate(0.3, 0.2, 0.4, 50, "wilson"), 40)
    return Trends(
        0.1, "month", "2025-01-01", "2025-12-31", alerts, "month", line(), (*anger, joy),
        (Caveat.of("season_unknown"),),
    )  # fmt: skip


def journey() -> Journey:
    """All together, two stages, two touchpoints and a cell."""

    def row(stage: str, touchpoint: str, metric: Estimate) -> JourneyRow:
        origins = Origins(10, 20, 70)
        return JourneyRow(
            stage, touchpoint, 100, 60, metric, 0.55, 0.4, origins, origins,
            (("wait_time", "negative", 30), ("service.attitude", "positive", 20)),
            (Caveat.of("journey_assumed", share=70),), estimate(-4, 2),
            (PlaceDriver("wait_time", "negative", 30, estimate(-2.5, 1)),),
        )  # fmt: skip

    rows = (
        row("", "", estimate(-20, 6)),
        row("", "contact_centre", estimate(-53, 15)),
        row("", "kiosk_x", UNKNOWN),
        row("purchase", "", estimate(-39, 9)),
        row("awareness", "", estimate(-10, 20)),
        row("purchase", "contact_centre", estimate(-60, 20)),
    )
    return Journey(rows, 3, ())


def corrected_driver(
    category: str, polarity: Polarity, impact: float, naive: float, *, found: bool
) -> CorrectedDriver:
    """A driver corrected by an audit."""
    share = Prevalence(
        Estimate(0.1, 0.08, 0.12, 400, "model alone"),
        Estimate(0.16, 0.1, 0.24, 100, "labels alone"),
        Estimate(0.15, 0.1, 0.2, 400, "ppi++"),
        0.8, 15, 6, 2, Parts(0.1, 0.1),
    )  # fmt: skip
    effect = estimate(2 * impact, 3)
    return CorrectedDriver(
        category, polarity, 15, share, estimate(2 * naive, 1), estimate(2 * impact, 4), effect,
        estimate(naive, 1), estimate(impact, 2), 0.01, 0.02, 0.7, (), "nps",
        selected=effect if found else None,
    )  # fmt: skip


def corrected() -> Corrected:
    """An audit of 300 labels by two people."""
    drivers = (
        corrected_driver("wait_time", "negative", -8.4, -6.1, found=True),
        corrected_driver("price.value", "negative", -1.0, math.nan, found=False),
    )
    agreed = (Agreement("", Estimate(0.72, 0.65, 0.78, 60, "krippendorff"), 50),)
    return Corrected(
        "audit.csv", "auto 1", 320, 300, 250, drivers, agreed, 0.8, 1,
        (Caveat.of("audit_pooled", n=7),),
    )  # fmt: skip


def what_if(**others: object) -> WhatIf:
    """A third fewer complaints about waiting and half again as much praise for staff, in money."""
    assumed = (
        Assumed("wait_time", "negative", -0.33, 20, 0.5, 0.335, estimate(2.0, 0.6)),
        Assumed("service.attitude", "positive", 0.5, 20, 0.3, 0.45, estimate(1.0, 0.8)),
    )
    told = WhatIf(
        assumed=assumed, metric=estimate(-20, 6), points=estimate(3.0, 1.0), metric_after=-17.0,
        value=estimate(6000, 2000), cost=1500.0, net=estimate(4500, 2000), break_even=0.75,
        corrected=False, assumptions=(Caveat.of("what_if_cause"),), caveats=(),
    )  # fmt: skip
    return replace(told, **others)  # type: ignore[arg-type]


def metrics() -> Metrics:
    """Churn with a driver, three correlations, an index of two branches, peak and end of a score."""
    churn = Outcome(
        "churn", "gekündigt", ScoreScale("gekündigt", "rate", 0, 1), True, estimate(23.0, 5.0),
        (driver("wait_time", "negative", 3.1, 1.0, "gekündigt"),), 0.1, 90, 12, 0,
        (Caveat.of("no_customer"),),
    )  # fmt: skip

    def pair(first: str, second: str, value: float, q: float) -> CorrelationRow:
        told = Estimate(value, value - 0.1, min(1.0, value + 0.1), 90, "spearman-bootstrap")
        return CorrelationRow(first, second, told, q, q)

    index = HappinessIndex(
        overall=estimate(50.2, 2.5),
        parts=(IndexPart("nps", 0.75, 40.0, 90), IndexPart("csat", 0.25, 60.0, 80)),
        segments=(
            SegmentIndex("branch", "Nord", estimate(56.0, 6), 40, 1, 1, 2),
            SegmentIndex("branch", "<i>Süd</i>", estimate(48.0, 6), 40, 2, 1, 2),
            SegmentIndex("branch", "West", UNKNOWN, 7, 0, 0, 0),
        ),
        agreement=(("branch", 0.82),),
        suppressed=0,
        caveats=(Caveat.of("rank_by_weights", first="Nord", second="Süd"),),
    )

    def peak(better: float, q: float) -> PeakEnd:
        rows = (
            PeakEndRow("mean", 0.2, estimate(0.0, 0.0), math.nan, math.nan),
            PeakEndRow("worst", 0.3, estimate(better, 0.2), q, q),
            PeakEndRow("last", -0.1, estimate(-0.1, 0.2), 0.6, 0.6),
        )
        return PeakEnd(rows, 109, ())

    few = PeakEnd((), 4, (Caveat.of("few_repeaters", n=4, least=30),))
    return Metrics(
        outcomes=(churn,),
        correlations=(
            pair("nps", "csat", 0.9, 0.001),
            pair("nps", "minutes", -0.3, 0.001),
            pair("csat", "minutes", -0.1, 0.3),
        ),
        happiness=index,
        peak_end=(
            ScorePeakEnd("nps", peak(0.4, 0.01)),
            ScorePeakEnd("csat", peak(0.1, 0.5)),
            ScorePeakEnd("ces", few),
        ),
        caveats=(),
    )


def score_why(scale: ScoreScale = NPS) -> ScoreWhy:
    """All that is told of one score."""
    return ScoreWhy(
        scale=scale,
        metric=estimate(-20, 6),
        level=level(),
        shares=shares(),
        asymmetry=asymmetry(),
        change=Change((comparison(),)),
        corrected=corrected(),
        journey=journey(),
        what_if=what_if(),
    )


def why(*scores: ScoreWhy) -> Why:
    """The whole of it, with one alert."""
    return Why(facts(), scores or (score_why(),), trends(alert()), metrics=metrics())
