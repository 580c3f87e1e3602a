"""The score columns: as the user named them, or found, each with its metric and scale."""

from __future__ import annotations

import difflib
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import get_args

from warum.errors import UsageError
from warum.metrics import METRICS, MetricName
from warum.reading.facts import Facts
from warum.reading.headers import find_column, listed
from warum.reading.profiles import Profile
from warum.reading.records import Detected, ReadOptions, ScoreOption
from warum.reading.scorefinding import Guess, find_scores, guess_metric, named_metric
from warum.reading.scores import DEFAULT_SCALES, ScoreAsk

_NONE = "none"
_SHOWN: Mapping[MetricName, str] = {
    m: m.upper() if m in ("nps", "csat", "ces") else m for m in METRICS
}


@dataclass(frozen=True)
class ScoreChoice:
    """The score columns and how they came to be chosen, in the same order."""

    asks: tuple[ScoreAsk, ...]
    detected: tuple[Detected, ...]


def metric_name(text: str, option: str = "--metric") -> MetricName:
    """Check the name of a metric.

    Raises:
        UsageError: If it is unknown.
    """
    folded = text.strip().casefold()
    for metric in get_args(MetricName):
        if folded == metric:
            return METRICS[METRICS.index(metric)]
    near = difflib.get_close_matches(folded, METRICS, n=1, cutoff=0.5)
    guess = f" Did you mean {near[0]!r}?" if near else ""
    raise UsageError(
        f"{option}: the metric {text!r} is unknown.{guess}",
        hint=f"Choose from {', '.join(METRICS)}.",
    )


def given_columns(options: ReadOptions, headers: Sequence[str]) -> tuple[ScoreOption, ...] | None:
    """The score columns that the user named, spelled as the headers are.

    A header may hold a colon itself: "Frage: Note" is looked for before it is taken as column and
    metric.

    Returns:
        None where they are to be detected; () where the user wants none.

    Raises:
        ColumnError: If a column is unknown.
        UsageError: If a column is named twice.
    """
    if not options.score:
        return None
    if len(options.score) == 1 and options.score[0].column.casefold() == _NONE not in headers:
        return ()
    found = []
    for option in options.score:
        whole = option.column if option.metric is None else f"{option.column}:{option.metric}"
        if whole in headers:
            found.append(ScoreOption(whole))
        else:
            found.append(ScoreOption(find_column(option.column, headers, "--score"), option.metric))
    names = [option.column for option in found]
    if len(set(names)) < len(names):
        raise UsageError(
            f"--score names a column twice: {listed(names)}.", hint="Name each one once."
        )
    return tuple(found)


def choose_scores(
    options: ReadOptions,
    given: tuple[ScoreOption, ...] | None,
    facts: Mapping[str, Facts],
    taken: Collection[str],
    profile: Profile | None = None,
) -> ScoreChoice:
    """Choose score columns, metrics and scales.

    `--scale` and `--lower-is-better` concern the only score, or of several those without a scale
    of their own (mean), or if there are none of them CSAT and CES. The same holds for `--missing`
    codes that are ordinary values of a metric's own scale.

    Args:
        options: What the user said.
        given: What `given_columns` returned.
        facts: Header to facts, in column order.
        taken: Headers that are no candidates.
        profile: The recognised export, which may know its score column.

    Raises:
        ColumnError: If columns have an equal claim to be the score.
        UsageError: If a metric is unknown or none of several scores has the metric of `--metric`.
    """
    metric = metric_name(options.metric) if options.metric else None
    if given is not None:
        guesses = [_given_guess(option, facts[option.column], metric, options) for option in given]
    else:
        candidates = [f for header, f in facts.items() if header not in taken]
        known = profile.columns(tuple(facts)).get("score") if profile else None
        found = find_scores(candidates, options.missing, known)
        guesses = _with_metric([_as_in_profile(g, known, profile) for g in found], metric)
    concerned = _concerned([guess.metric for guess in guesses])
    asks = tuple(_ask(guess, options, mine) for guess, mine in zip(guesses, concerned, strict=True))
    detected = tuple(
        Detected("score", guess.column, _how(guess), given is not None) for guess in guesses
    )
    return ScoreChoice(asks, detected)


def _given_guess(
    option: ScoreOption, facts: Facts, metric: MetricName | None, options: ReadOptions
) -> Guess:
    own = metric_name(option.metric, "--score") if option.metric else metric
    guess = guess_metric(facts, options.missing)
    if own:
        how = guess.how if guess and guess.metric == own else ""
        return Guess(option.column, own, how, "named")
    return guess or Guess(option.column, named_metric(facts) or "mean", "", "named")


def _with_metric(guesses: list[Guess], metric: MetricName | None) -> list[Guess]:
    if metric is None or not guesses:
        return guesses
    if len(guesses) == 1:
        return [replace(guesses[0], metric=metric)]
    fitting = [guess for guess in guesses if guess.metric == metric]
    if not fitting:
        raise UsageError(
            f"--metric {metric} fits none of the scores {listed(g.column for g in guesses)}.",
            hint=f"Name the column: --score {guesses[0].column!r}:{metric}.",
        )
    return fitting


def _concerned(metrics: Sequence[MetricName]) -> list[bool]:
    if len(metrics) == 1:
        return [True]
    groups: tuple[tuple[MetricName, ...], ...] = (("mean",), ("csat", "ces"), METRICS)
    for group in groups:
        if any(metric in group for metric in metrics):
            return [metric in group for metric in metrics]
    return []


def _ask(guess: Guess, options: ReadOptions, concerned: bool) -> ScoreAsk:
    low, high = DEFAULT_SCALES.get(guess.metric, (1.0, 0.0))
    scale = (float(options.scale[0]), float(options.scale[1])) if options.scale else None
    missing = tuple(code for code in options.missing if concerned or not low <= code <= high)
    return ScoreAsk(
        column=guess.column,
        metric=guess.metric,
        scale=scale if concerned else None,
        lower_is_better=options.lower_is_better and concerned,
        missing=missing,
    )


def _as_in_profile(guess: Guess, known: str | None, profile: Profile | None) -> Guess:
    if profile is None or guess.column != known:
        return guess
    how = f"{guess.how}, profile {profile.name}"
    return replace(guess, metric=profile.metric or guess.metric, how=how)


def _how(guess: Guess) -> str:
    meaning = f"as {_SHOWN[guess.metric]}"
    return f"{guess.how}, {meaning}" if guess.how else meaning
