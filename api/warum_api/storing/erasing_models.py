"""Own models forget the texts that they were trained on.

A model's folder holds no text, but fingerprints of those it has seen, so that it can be told when it is measured on
them. They are taken out; the weights stay as they are, and the model counts as stale.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Collection, Iterable
from pathlib import Path

from warum_api.storing.files import Files
from warum_api.storing.gone import Gone, selected

COMMENTS, SEEN, CONFIG = "comments.parquet", "trained_on.txt", "config.json"


def fingerprints(texts: Iterable[str | None]) -> frozenset[str]:
    """Fingerprints of texts as they came; what is blacked out in results is here too."""
    from warum.stages.redaction import redact
    from warum_models.own.storing import fingerprint  # it loads SciPy

    return frozenset(fingerprint(redact(text)) for text in texts if text)


def texts_of_result(source: Path, gone: Gone) -> frozenset[str]:
    """Fingerprints of the texts that are to go, of a result's comments."""
    return fingerprints(selected(source, gone, "text"))


def forget_texts(tenant: str, files: Files, folder: str, texts: Collection[str]) -> tuple[str, ...]:
    """Take fingerprints out of the models in a folder; done again, it finishes what was interrupted.

    Returns:
        The folders of models that were trained on one of the texts.
    """
    changed = []
    for path in [one.path for one in files.list(tenant, folder)]:
        if path.rpartition("/")[2] != SEEN:
            continue
        lines = files.get(tenant, path).decode("utf-8").split()
        kept = [line for line in lines if line not in texts]
        home = path.rpartition("/")[0]
        if len(kept) < len(lines):
            files.put(tenant, path, "".join(f"{line}\n" for line in kept).encode("utf-8"))
            changed.append(home)
        _check_in(tenant, files, home)
    return tuple(changed)


def _check_in(tenant: str, files: Files, home: str) -> None:
    """Write the hash of the fingerprints into the model's config, where it is another."""
    config = json.loads(files.get(tenant, f"{home}/{CONFIG}"))
    found = hashlib.sha256(files.get(tenant, f"{home}/{SEEN}")).hexdigest()
    if config["sha256"][SEEN] != found:
        config["sha256"][SEEN] = found
        text = json.dumps(config, indent=1, ensure_ascii=False, sort_keys=True) + "\n"
        files.put(tenant, f"{home}/{CONFIG}", text.encode("utf-8"))
