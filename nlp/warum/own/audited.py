"""Labels of an audit sample never enter training, not even copied row by row into another file."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from difflib import SequenceMatcher
from pathlib import Path

from warum.audit.sheet import same_text
from warum.audit.sheet_reading import is_audit_file, texts_of_audit
from warum.errors import InputError
from warum.gold import GoldLabels, GoldText

_HINT = (
    "An audit sample corrects the model's error, so no model may learn from it: label other texts for "
    "training, and use these with `warum evaluate`."
)
_SKIP = "--skip-bad trains on the other rows."
_TELLING = 6  # words from which on a text alone is taken for the audited one without its id
_ALIKE = 0.6  # of a text that was mended a little
_COMPARED = 2_000


def without_audited(
    gold: GoldLabels, sources: Sequence[str], audits: Sequence[Path], *, skip: bool
) -> tuple[list[GoldText], list[str]]:
    """The texts that a model may be trained on, and what to say of the others.

    Args:
        gold: The labels as read.
        sources: Their files; audit files that lie beside them count without being named.
        audits: Audit files named.
        skip: Whether to leave out rows of an audit sample instead of refusing.

    Raises:
        InputError: If a file is an audit file, a row is marked as part of one, or holds a comment of one.
    """
    if gold.audit:
        raise InputError(f"{gold.files[0]!r} is marked as an audit sample.", hint=_HINT)
    kept = [text for text in gold.texts if not text.audit]
    notes = []
    if len(kept) < len(gold.texts):
        said = f"{_rows(t for t in gold.texts if t.audit)} marked as an audit sample"
        notes += _refused(said, skip=skip)
    for path in dict.fromkeys([*audits, *_beside(sources)]):
        audited = _Audited(texts_of_audit(path))
        held = [text for text in kept if audited.holds(text)]
        if held:
            # Rows were copied out of it, so its short texts are among them too, perhaps without their ids.
            held = [text for text in kept if audited.holds(text, copied=True)]
            said = f"{_rows(held)} in the audit sample {str(path)!r}"
            notes += _refused(said, skip=skip)
            gone = {text.rows for text in held}
            kept = [text for text in kept if text.rows not in gone]
    return kept, notes


def _refused(said: str, *, skip: bool) -> list[str]:
    if not skip:
        raise InputError(f"{said}.", hint=f"{_HINT} {_SKIP}")
    return [f"{said}; left out."]


def _rows(texts: Iterable[GoldText]) -> str:
    rows = [row for text in texts for row in text.rows]
    return f"{len(rows)} rows, the first is row {min(rows)}, are"


def _beside(sources: Sequence[str]) -> list[Path]:
    """Audit files in the folders of the labels: who copies rows out of one mostly does it there."""
    folders = sorted({Path(source).parent for source in sources if Path(source).is_file()})
    named = {Path(source).resolve() for source in sources}
    return [
        path
        for folder in folders
        for path in sorted(folder.iterdir())
        if path.resolve() not in named and is_audit_file(path)
    ]


class _Audited:
    """The comments of an audit file.

    Args:
        texts: comment_id to text.
    """

    def __init__(self, texts: dict[str, str]) -> None:
        self._texts = texts
        self._words = {_words(text) for text in texts.values()}

    def holds(self, text: GoldText, *, copied: bool = False) -> bool:
        """Whether a labelled text is one of them.

        Args:
            text: The text.
            copied: Whether others are: then a few words are enough.
        """
        if (copied or _is_telling(text.text)) and _words(text.text) in self._words:
            return True
        same_id = self._texts.get(text.id or "")
        return same_id is not None and _alike(same_id, text.text)


def _words(text: str) -> tuple[str, ...]:
    return tuple("".join(c if c.isalnum() else " " for c in text.casefold()).split())


def _is_telling(text: str) -> bool:
    return len(_words(text)) >= _TELLING


def _alike(one: str, other: str) -> bool:
    """Ids may be row numbers that another file has too: the texts decide."""
    if same_text(one, other):
        return True
    matcher = SequenceMatcher(None, one[:_COMPARED], other[:_COMPARED], autojunk=False)
    return matcher.ratio() >= _ALIKE
