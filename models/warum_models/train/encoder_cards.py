"""The model cards of `accurate` and `fast`, written by the recipe beside the weights."""

from __future__ import annotations

import json
from pathlib import Path

from warum_models.train import inputs

TEACHER = (
    "all-MiniLM-L6-v2 by sentence-transformers, the start of body and English table; Apache-2.0; `model.safetensors` has the "
    "SHA-256 53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab128d9db"
)
SAID = {
    "accurate": """**How.** The body of all-MiniLM-L6-v2 (6 layers, 384 wide) with a table of word pieces per language: the English one, and a German one that was learnt on sentence pairs
through the frozen body. On top a reading head: label-wise attention (Mullenbach et al. 2018) whose queries are made from the labels' titles and descriptions, so that it reads any
taxonomy. Then all was trained together on the sources below. The raw scores of `fast` are added with fixed shares ("wide and deep", Cheng et al. 2016): {shares}. The body is in 8 bits with
fixed scales; one comment at a time is read, without padding, so that a comment's numbers never depend on its neighbours.""",
    "fast": """**How.** A vector of 64 topic numbers and 25 for polarity, sentiment, emotion, intent and effort per word piece and per pair of neighbours (hashed into 2^17 rows), all in 8 bits and
summed as integers, so that a comment's numbers never depend on its neighbours. A piece's vector is a projection of what the network of `accurate` makes of the piece alone (after Model2Vec, Tulkens and
van Dongen 2024), with a correction of its own. Topic numbers are compared with a query per label, which is made from its description. It was taught by what people said of the texts below. For the
labels of `cx` and for the other heads, logistic regressions on n-grams of words and characters are added with fixed shares: {shares}.""",
}
CARD = """# Model card: `{name}`, version {version}

**What it does.** For a German or English comment and any taxonomy with descriptions: which categories it judges, with which polarity and which words; sentiment of the whole, emotion, intent
and effort. All calibrated.

{said}

**Meant for** driver analysis over many comments, where its errors are part of the picture, and for sorting single ones with a person behind. **Not meant for** decisions about single persons, for
other languages, or for texts that are no feedback.

## Rebuild
    python -m warum_models.train --data FOLDER --teacher FOLDER_OF_all-MiniLM-L6-v2

Seeded, resumable, {time}. The German word pieces were learnt when the corpus held 9,100 of its comments; learnt anew, some pieces differ.

## Made of
- {teacher}

{inputs}

The bundled example, FABSA, GermEval, MobASA, SemEval, NHS and the held-out part of the corpus are in no part of it. Figures on them stand in `docs/benchmarks.md`.

## Calibration
Fitted on comments that were not trained on: a tenth of the corpus and of the labelled real comments ({comments} under `cx`), 21 small taxonomies that no training saw, a tenth of SB10k. There, at the shipped thresholds, which
were chosen on the same comments: category micro F1 {f1} ({languages}) under `cx`, {unseen} on taxonomies never seen.{alone}

## Known limits
- Categories told by rare words, hints or a whole story are missed; titles and descriptions that overlap are mixed up.
- Praise of a competitor is often read as praise of whom the sentence praises. Sarcasm is mostly read literally. Dialect is read only where its words were seen.
- Most of what it learnt from was written, not collected; the real comments are English app and product reviews and German tweets. Figures on other real sets are lower than on the corpus.
- Its errors pull effects towards zero: read drivers as a lower bound of their size, or correct them with an audit sample.

## Files
{files}
"""
TIME = {
    "accurate": "about three hours on two cores of 2020; the shipped network was trained in stages, each time with the rates raised again: six passes over the corpus as it grew, one with the first labels of real comments, three with all of them and with the views",
    "fast": "about 5 minutes on two cores",
}


def write(folder: Path, data: Path) -> None:
    """Write `CARD.md` for the weights in a folder.

    Args:
        folder: Folder with a calibrated `config.json`.
        data: Folder of the public data.
    """
    config = json.loads((folder / "config.json").read_text("utf-8"))
    name, figures = config["name"], config["figures"]
    shares = ", ".join(f"{k} {v:g}" for k, v in config["calibration"].get("shares", {}).items())
    by_language = figures["held_out_micro_f1_by_language"]
    alone = figures.get("network_alone")
    card = CARD.format(
        name=name, version=config["version"], said=SAID[name].format(shares=shares), time=TIME[name], teacher=TEACHER,
        inputs=inputs.table(data), comments=figures["held_out_comments"], f1=figures["held_out_micro_f1"],
        languages=", ".join(f"{k} {v}" for k, v in by_language.items()),
        unseen=figures["unseen_taxonomies_micro_f1"],
        alone="" if alone is None else (
            f" Without the words of `fast`: {alone['held_out_micro_f1']} and {alone['unseen_taxonomies_micro_f1']}."
        ),
        files="\n".join(f"- `{n}`: SHA-256 {digest}" for n, digest in config["sha256"].items()),
    )  # fmt: skip
    (folder / "CARD.md").write_text(card, "utf-8")
