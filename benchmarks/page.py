"""The page of all benchmarks: sections under headings, of which some can be replaced by themselves."""

from __future__ import annotations

import re
from collections.abc import Mapping


def page(head: str, sections: Mapping[str, str], former: str = "") -> str:
    """The page as markdown.

    Args:
        head: Title and first lines.
        sections: Heading to content, in order.
        former: The page as it was; its sections that are not measured now stay where they are.
    """
    kept = _sections(former)
    merged = {**kept, **{title: content.strip() for title, content in sections.items()}}
    parts = [head.strip(), *(f"## {title}\n\n{content}" for title, content in merged.items())]
    return "\n\n".join(parts) + "\n"


def _sections(text: str) -> dict[str, str]:
    parts = re.split(r"^## (.+)$", text, flags=re.MULTILINE)
    return {title: content.strip() for title, content in zip(parts[1::2], parts[2::2], strict=True)}
