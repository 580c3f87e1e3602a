"""The model card, written by the recipe beside the weights."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

CARD = """# Model card: `linear`, version {version}

**What it does.** For a German or English segment of customer feedback: the probability of an opinion of each of the 28 categories of `cx`, its polarity, and the polarity of the text as a whole.

**How.** Logistic regressions on hashed n-grams (words 1-2, characters 2-5) and on word vectors that German and English share. The vectors are distilled from the sentence encoder
all-MiniLM-L6-v2 on parallel sentences. Presence is calibrated by a logistic curve per category (Platt 1999) on segments that the fold did not see. All arithmetic runs row by row: a text's
numbers do not depend on its batch. It is an honest baseline, to be replaced by an encoder.

**Meant for** driver analysis over many comments, where its errors are part of the picture. **Not meant for** decisions about single persons, for other languages, or for texts
that are no feedback (news, conversations).

## Rebuild
    python -m warum_models.train --data FOLDER --teacher FOLDER_OF_all-MiniLM-L6-v2

Seeded; checkpoints in `models/work`. About ten minutes on two cores.

## Trained on
| source | licence | used for |
|---|---|---|
| corpus written for this project (`warum_models/corpus`, 3,920 comments) | MIT | categories, polarity, calibration, thresholds |
| phrases, negations and emoji written for this project (`corpus/phrases.tsv`) | MIT | polarity |
| NHS England patient comments, phase 1 (pxtextmining; without Care Opinion, without texts of phase 2) | MIT | some categories, polarity |
| MAMS restaurant sentences, train | Apache 2.0 | five categories |
| SHAH app-store sentences | CC BY 4.0 | bugs and requests |
| SB10k German tweets (nine tenths) | CC BY 4.0 | polarity |
| VADER ground truth: product snippets, tweets | MIT | polarity |
| Tatoeba sentence pairs | CC BY 2.0 FR | word vectors |
| BConTrasT dialogues; FLORES, NTREX | CC BY-SA 4.0 | word vectors |
| Wiktionary German-English dictionary | CC BY-SA | start of the German vectors |
| all-MiniLM-L6-v2 (teacher; `model.safetensors` SHA-256 53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab128d9db) | Apache 2.0 | word vectors |

The bundled example, FABSA, GermEval, SemEval and NHS phase 2 are in no part of it; figures on them stand in `docs/benchmarks.md`.

## Cross-validation
Five folds that never part a comment, on segments of the authored corpus (evidences, the stretches between, whole comments), at the shipped thresholds, which were chosen on the same scores: a
little too good. Macro F1 {macro}.

| category | F1 | positives |
|---|---|---|
{categories}

Accuracy of the polarity, out of fold:

| texts | of an opinion | of the text |
|---|---|---|
{polarity}

## Known limits
- Categories told by rare words are missed; long segments with several topics get one polarity.
- The polarity of a comparison with a competitor is often read as praise of whom the sentence praises.
- Sarcasm is mostly read literally. Dialect is read only where its words were seen.
- Tweets and news are its weakest texts.
- Its errors pull effects towards zero: read drivers as a lower bound of their size.

## Files
{files}
"""


def card(config: Mapping[str, Any]) -> str:
    """The card for a `config.json`."""
    figures = config["cross_validation"]
    opinion, document = figures["opinion_polarity_accuracy"], figures["document_polarity_accuracy"]
    return CARD.format(
        version=config["version"],
        macro=figures["segment_macro_f1"],
        categories="\n".join(
            f"| {c} | {f1:.3f} | {figures['segment_positives'][c]} |"
            for c, f1 in figures["segment_f1"].items()
        ),
        polarity="\n".join(
            f"| {name} | {opinion.get(name, '–')} | {document.get(name, '–')} |"
            for name in sorted(opinion | document)
        ),
        files="\n".join(
            f"- `{name}`: SHA-256 {digest}" for name, digest in config["sha256"].items()
        ),
    )
