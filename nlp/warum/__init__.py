"""warum: from comments and scores to the reasons behind the score.

>>> import warum
>>> warum.load_taxonomy().name
'cx'
"""

from importlib.metadata import version as _version
from typing import TYPE_CHECKING, Any

from warum.caveats import Caveat
from warum.errors import WarumError
from warum.records import Comment, Estimate, Opinion
from warum.table import Table
from warum.taxonomy import Taxonomy, load_taxonomy

if TYPE_CHECKING:
    from warum.analysis import Analysis
    from warum.analyzing import analyze
    from warum.answers.why import Why
    from warum.explaining import why

__version__ = _version("warum")
__all__ = [
    "Analysis",
    "Caveat",
    "Comment",
    "Estimate",
    "Opinion",
    "Table",
    "Taxonomy",
    "WarumError",
    "Why",
    "analyze",
    "load_taxonomy",
    "why",
]


def __getattr__(name: str) -> Any:  # noqa: ANN401 - whatever the name stands for
    # Importing `warum` stays quick: the analysis and all it needs come with the first use.
    if name == "Analysis":
        from warum.analysis import Analysis

        return Analysis
    if name == "analyze":
        from warum.analyzing import analyze

        return analyze
    if name == "why":
        from warum.explaining import why

        return why
    if name == "Why":
        from warum.answers.why import Why

        return Why
    raise AttributeError(f"module 'warum' has no attribute {name!r}")
