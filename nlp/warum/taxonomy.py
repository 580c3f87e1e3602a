"""Categories: read from YAML, checked once, identified by a hash of their meaning."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import Any

import yaml

from warum.caveats import Ui
from warum.errors import ModelError

STAGES = ("awareness", "consideration", "purchase", "retention", "advocacy")
TOUCHPOINTS = ("physical", "digital", "contact_centre", "delivery", "product")
GENERAL = "general"
SHIPPED = ("cx",)
"""Taxonomies that are installed, by name."""


@dataclass(frozen=True, slots=True)
class Category:
    """One category of a taxonomy.

    Attributes:
        code: Stable code; the part before the first dot is its first level.
        title: Title per language.
        description: Description per language.
        examples: Example phrases per language.
        stage: Default journey stage.
        touchpoint: Default touchpoint.
        owner: Who looks after it in the user's company, if anyone; it plays no part in reading, nor in
            the taxonomy's hash.
    """

    code: str
    title: Mapping[str, str]
    description: Mapping[str, str]
    examples: Mapping[str, tuple[str, ...]]
    stage: str
    touchpoint: str
    owner: str | None = None

    @property
    def parent(self) -> str:
        """The first level: the part of the code before the first dot."""
        return self.code.partition(".")[0]


@dataclass(frozen=True)
class Taxonomy:
    """A named, ordered set of categories.

    Attributes:
        name: Short name.
        version: Version of the file.
        categories: In the file's order.
        parents: First level to title per language.
        hash: First 16 hex digits of the SHA-256 of all that could change a reading.
    """

    name: str
    version: str
    categories: tuple[Category, ...]
    parents: Mapping[str, Mapping[str, str]]
    hash: str

    @property
    def codes(self) -> tuple[str, ...]:
        """The categories' codes, in order."""
        return tuple(category.code for category in self.categories)

    def __getitem__(self, code: str) -> Category:
        for category in self.categories:
            if category.code == code:
                return category
        raise KeyError(f"no category {code!r} in taxonomy {self.name!r}")

    def title(self, code: str, ui: Ui = "en") -> str:
        """Title of a category or first level; the code itself where there is none."""
        if code in self.parents:
            return self.parents[code].get(ui, code)
        try:
            return self[code].title.get(ui, code)
        except KeyError:
            return code


def load_taxonomy(source: str | Path = "cx") -> Taxonomy:
    """Load a taxonomy by its shipped name or from a YAML file.

    Args:
        source: "cx", or a path to a YAML file of the same form.

    Raises:
        ModelError: If there is no such taxonomy or it is incomplete.
    """
    if str(source) == "cx":
        return _shipped("cx")
    path = Path(source)
    if not path.is_file():
        raise ModelError(
            f"There is no taxonomy {str(source)!r}: expected 'cx' or a YAML file.",
            hint="`warum taxonomy show cx` prints the shipped one to start from.",
        )
    try:
        text = path.read_text("utf-8")
    except UnicodeDecodeError as error:
        raise ModelError(
            f"The taxonomy {str(path)!r} is no UTF-8 text: {error}.", hint="Save it as UTF-8."
        ) from None
    except OSError as error:
        raise ModelError(f"The taxonomy {str(path)!r} cannot be read: {error}.") from None
    return parse_taxonomy(text, origin=str(path))


@cache
def _shipped(name: str) -> Taxonomy:
    # In compiled code where the library has it: a tenth of the time, and no error to word.
    data = yaml.load(shipped_text(name), getattr(yaml, "CSafeLoader", yaml.SafeLoader))  # noqa: S506
    return taxonomy_of(data, origin=name)


def shipped_text(name: str = "cx") -> str:
    """The YAML of a shipped taxonomy, as written."""
    return (files("warum") / "taxonomies" / f"{name}.yaml").read_text("utf-8")


def parse_taxonomy(text: str, *, origin: str) -> Taxonomy:
    """Parse and check a taxonomy.

    Raises:
        ModelError: If the YAML is broken, a category lacks its code, title or description, a code
            stands twice, or a stage or touchpoint is unknown.
    """
    try:
        data = yaml.safe_load(text)
    except yaml.YAMLError as error:
        raise ModelError(f"{origin!r} is no readable YAML: {error}.") from None
    return taxonomy_of(data, origin=origin)


def taxonomy_of(data: object, *, origin: str) -> Taxonomy:
    """Check a taxonomy that is parsed already: what `parse_taxonomy` makes of YAML, from JSON or the like.

    Args:
        data: Mappings, lists and texts in the form of a taxonomy's YAML.
        origin: Where it came from, for messages; names it where it has no name.

    Raises:
        ModelError: As `parse_taxonomy`.
    """
    if not isinstance(data, dict) or not isinstance(data.get("categories"), list):
        raise ModelError(f"{origin!r} has no list 'categories'.")
    categories = tuple(_category(entry, origin) for entry in data["categories"])
    codes = [category.code for category in categories]
    twice = sorted({code for code in codes if codes.count(code) > 1})
    if twice or not codes:
        raise ModelError(
            f"{origin!r}: " + (f"codes stand twice: {twice}." if twice else "no categories.")
        )
    parents = data.get("parents") or {}
    if not isinstance(parents, dict):
        raise ModelError(f"{origin!r}: parents is {parents!r}, expected titles by first level.")
    return Taxonomy(
        name=str(data.get("name", Path(origin).stem)),
        version=str(data.get("version", "0")),
        categories=categories,
        parents={str(code): _by_language(title) for code, title in parents.items()},
        hash=_hash(data, origin),
    )


def _hash(data: Mapping[str, Any], origin: str) -> str:
    """First 16 hex digits of the SHA-256 of everything but the owners, who change no reading."""
    read = [{k: v for k, v in entry.items() if k != "owner"} for entry in data["categories"]]
    try:
        text = json.dumps({**data, "categories": read}, sort_keys=True, ensure_ascii=False)
        return hashlib.sha256(text.encode("utf-8")).hexdigest()[:16]
    except (TypeError, ValueError) as error:  # keys of several types, a date, half a character
        raise ModelError(
            f"{origin!r} holds something else than text: {error}.", hint="Put it in quotes."
        ) from None


def _category(entry: Any, origin: str) -> Category:  # noqa: ANN401 - whatever the YAML held
    if not isinstance(entry, dict) or not isinstance(entry.get("code"), str) or not entry["code"]:
        raise ModelError(f"{origin!r}: a category has no code: {entry!r}.")
    code = entry["code"]
    for part in ("title", "description"):
        if not _by_language(entry.get(part)):
            raise ModelError(
                f"{origin!r}: category {code!r} has no {part}.",
                hint=f"Give {part}: {{en: …, de: …}}; one language is enough.",
            )
    stage, touchpoint = entry.get("stage", "retention"), entry.get("touchpoint", "product")
    if stage not in STAGES or touchpoint not in TOUCHPOINTS:
        raise ModelError(
            f"{origin!r}: category {code!r} has stage {stage!r} and touchpoint {touchpoint!r}; "
            f"expected one of {STAGES} and one of {TOUCHPOINTS}."
        )
    owner = entry.get("owner")
    if owner is not None and (not isinstance(owner, str) or not owner.strip()):
        raise ModelError(
            f"{origin!r}: category {code!r} has the owner {owner!r}, expected a name.",
            hint="Leave the key out where nobody looks after it.",
        )
    return Category(
        code=code,
        title=_by_language(entry["title"]),
        description=_by_language(entry["description"]),
        examples=_examples(entry.get("examples") or {}, code, origin),
        stage=stage,
        touchpoint=touchpoint,
        owner=owner,
    )


def _examples(value: object, code: str, origin: str) -> dict[str, tuple[str, ...]]:
    if isinstance(value, dict) and all(isinstance(phrases, list) for phrases in value.values()):
        return {str(language): tuple(map(str, phrases)) for language, phrases in value.items()}
    raise ModelError(
        f"{origin!r}: category {code!r} has the examples {value!r}.",
        hint='Give lists by language: {en: ["…"], de: ["…"]}.',
    )


def _by_language(value: object) -> dict[str, str]:
    if isinstance(value, str) and value.strip():
        return {"en": value, "de": value}
    if isinstance(value, dict):
        return {str(k): str(v) for k, v in value.items() if v}
    return {}
