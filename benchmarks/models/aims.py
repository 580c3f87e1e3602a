"""What the models must show: the lines of the requirement, each with the figure that answers it."""

from __future__ import annotations

from dataclasses import dataclass

from benchmarks.models import categories, comments, speed, training

CATEGORY = ("constant_micro", "constant_macro")
PAIR = ("pair_constant_micro", "pair_constant_macro")
GIVEN = ("given_constant", "given_constant_macro")
WHOLE = ("whole_constant", "whole_constant_macro")
CLASS = ("constant", "constant_macro")


@dataclass(frozen=True, slots=True)
class Aim:
    """A line of the table.

    Attributes:
        on: Set and figure.
        anchor: What others reach, or today's figure.
        must: What must be reached.
        aim: What should be reached.
        part: The part of the benchmark that measures it.
        key: The set there.
        figure: The figure.
        macro: The macro F1 beside it, if any.
        constant: Figures of always the most frequent answer, micro and macro.
        count: The figure that says over how many it goes, if that matters.
    """

    on: str
    anchor: str
    must: str
    aim: str
    part: str
    key: str
    figure: str
    macro: str = ""
    constant: tuple[str, ...] = ()
    count: str = ""


def aims() -> tuple[Aim, ...]:
    """All lines, in the order of the requirement."""
    return (*_english(), *_german(), *_whole(), *_calibration(), *_training(), *_speed())


def _english() -> tuple[Aim, ...]:
    part = categories.PART
    return (
        Aim("FABSA test, 12 categories, micro / macro F1", "cosine 0.435; supervised TF-IDF 0.798 (micro)",
            "0.60", "0.72", part, "fabsa", "micro", "macro", CATEGORY),
        Aim("FABSA test, category + polarity, micro / macro F1", "–", "0.54", "0.66",
            part, "fabsa", "pair_micro", "pair_macro", PAIR),
        Aim("FABSA one-polarity texts, accuracy / macro F1", "VADER 0.767", "0.90", "0.94",
            part, "fabsa", "whole", "whole_macro", WHOLE),
        Aim("SemEval-2014 restaurants, category micro / macro F1", "supervised 0.922", "0.80", "0.88",
            part, "semeval14", "micro", "macro", CATEGORY),
        Aim("SemEval-2016 restaurants, polarity given category, accuracy / macro F1", "supervised 0.88",
            "0.82", "0.88", part, "semeval16", "given", "given_macro", GIVEN),
        Aim("SemEval-2016, gold target inside the evidence of the right category, of all targets", "–",
            "0.80", "0.90", part, "semeval16", "evidence", count="evidence_n"),
        Aim("the same, of the targets whose category was found", "–", "–", "–",
            part, "semeval16", "evidence_found"),
        Aim("the same, median evidence ÷ sentence", "–", "≤ 0.60", "–", part, "semeval16", "evidence_length"),
    )  # fmt: skip


def _german() -> tuple[Aim, ...]:
    part = categories.PART
    return (
        Aim("GermEval-2017, category micro / macro F1 without Allgemein", "few-shot LLaMA 0.465 (all)",
            "0.35", "0.50", part, "germeval17", "micro", "macro", CATEGORY),
        Aim("GermEval-2017, polarity micro / macro F1", "majority 0.578 micro; a German BERT about 0.71",
            "0.66 / 0.48", "0.72 / 0.56", part, "germeval17", "whole", "whole_macro", WHOLE),
        Aim("MobASA, 17 categories, micro / macro F1", "few-shot LLaMA 0.797", "0.45", "0.65",
            part, "mobasa", "micro", "macro", CATEGORY),
        Aim("SB10k held-out tenth (*training* on the rest), micro / macro F1", "germansentiment 0.738",
            "0.72", "0.77", comments.PART, "sb10k", "accuracy", "macro", CLASS),
        Aim("authored test, German, category micro / macro F1", "–", "0.70", "0.80",
            part, "authored_de", "micro", "macro", CATEGORY),
        Aim("authored test, English, category micro / macro F1", "–", "0.70", "0.80",
            part, "authored_en", "micro", "macro", CATEGORY),
        Aim("the same, German − English, paired", "–", "−0.05", "−0.02",
            part, categories.DIFFERENCE, "difference"),
    )  # fmt: skip


def _whole() -> tuple[Aim, ...]:
    part = comments.PART
    both = (("de", "German"), ("en", "English"))
    heads = (("intent", "all six, ", "0.60", "0.72"), ("effort", "", "0.65", "0.75"))
    return (
        Aim("GoEmotions test (*training*), folded to nine, accuracy / macro F1 (asked: macro)", "RoBERTa-class",
            "0.45", "0.55", part, "goemotions", "accuracy", "macro", CLASS),
        Aim("intent: SHAH held-out fifth (*training* on the rest), accuracy / macro F1 (asked: macro)", "–",
            "0.60", "0.72", part, "shah", "accuracy", "macro", CLASS),
        *(Aim(f"{head}: authored test, {name}, {what}accuracy / macro F1 (asked: macro)", "–", must, aim,
              part, f"authored_{language}_{head}", "accuracy", "macro", CLASS)
          for head, what, must, aim in heads for language, name in both),
    )  # fmt: skip


def _calibration() -> tuple[Aim, ...]:
    texts = (
        ("authored_de", "authored, German"),
        ("authored_en", "authored, English"),
        ("fabsa", "FABSA"),
    )
    figures = (
        ("ece_category", "categories, pairs with p ≥ 0.1"),
        ("ece_polarity", "polarity given the category"),
        ("ece_whole", "polarity of one-polarity texts"),
    )
    return (
        *(Aim(f"calibration error: {what}, {name}", "–", "0.06", "0.03", categories.PART, key, figure,
              count=f"{figure}_n")
          for figure, what in figures for key, name in texts),
        *(Aim(f"calibration error: {head}, authored, {name}", "–", "0.06", "0.03", comments.PART,
              f"authored_{language}_{head}", "ece", count="ece_n")
          for head in ("emotion", "intent", "effort")
          for language, name in (("de", "German"), ("en", "English"))),
    )  # fmt: skip


def _training() -> tuple[Aim, ...]:
    part = training.PART
    return (
        Aim("FABSA, *training* on its own part, category + polarity micro / macro F1",
            "MiniLM, 3 epochs, other split 0.785", "0.76", "0.82", part, "fabsa", "pair_micro", "pair_macro", PAIR),
        Aim(f"FABSA, *8 labels per category*, category micro / macro F1, mean of {training.DRAWS} draws", "–",
            "no label + 0.03", "0.74", part, "fabsa_few", "micro", "macro", CATEGORY),
        Aim("NHS, *training*, 22 labels, 5-fold by respondent, micro / macro F1", "TF-IDF 0.732 / 0.611",
            "0.75 / 0.63", "0.79 / 0.70", part, "nhs", "micro", "macro", CATEGORY),
    )  # fmt: skip


def _speed() -> tuple[Aim, ...]:
    part = speed.PART
    return (
        Aim("texts/s, whole pipeline, two cores, ÷ VADER (asked of `fast`)", "1", "0.5", "1",
            part, "speed", "over_vader"),
        Aim("texts/s, whole pipeline, two cores, ÷ frozen MiniLM fp32 (asked of `auto`)", "1", "4", "8",
            part, "speed", "over_minilm"),
    )  # fmt: skip
