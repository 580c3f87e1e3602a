"""Singular and plural in sentences: "1 answer is", "5 answers are".

A placeholder names both forms, the singular first, with "#" where the number stands:
`{n:# answer is|# answers are} left out`.
"""

from __future__ import annotations

_NUMBER = "#"
_OR = "|"


def has_forms(form: str) -> bool:
    """Whether the part of a placeholder behind its colon names a singular and a plural."""
    return _OR in form


def inflected(form: str, said: str, *, one: bool) -> str:
    """The form that a number asks for.

    Args:
        form: Singular and plural, "# answer|# answers".
        said: The number as it is written.
        one: Whether it is one.

    Examples:
        >>> inflected("# answer is|# answers are", "1", one=True)
        '1 answer is'
        >>> inflected("it|them", "1,234", one=False)
        'them'
    """
    singular, _, plural = form.partition(_OR)
    return (singular if one else plural).replace(_NUMBER, said)
