"""What a date says of comments that stand in uploads and in results too.

A result keeps the dates that it was made with. Where a project names another column since, that of the upload counts;
and what an upload without dates takes with it when it goes, goes from the results too.
"""

from __future__ import annotations

import tempfile
from collections.abc import Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

from warum_api.storing.erasing_models import COMMENTS
from warum_api.storing.files import Files, fetch
from warum_api.storing.gone import OWN_ID, RESPONSE, Gone, selected, undated

_PARQUET = ".parquet"


def settle_dates(
    tenant: str,
    files: Files,
    folders: Mapping[str, Sequence[str]],
    gone: Gone,
    old_uploads: Collection[str],
) -> Gone:
    """What is to go, with what the uploads know of its dates.

    Args:
        tenant: Whose files they are.
        files: The files.
        folders: Those of uploads and results, by folder.
        gone: What is to go, with a moment.
        old_uploads: Ids of uploads that go as a whole.
    """
    only_dates = Gone(before=gone.before)
    in_results: set[str] = set()
    for path in _paths(folders, f"/{COMMENTS}"):
        with here(tenant, files, path) as source:
            in_results.update(selected(source, only_dates, RESPONSE))
    uploads = {one: paths for one, paths in folders.items() if "/uploads/" in one}
    whole = {one: paths for one, paths in uploads.items() if _name(one) in old_uploads}
    others = {one: paths for one, paths in uploads.items() if one not in whole}
    leaving: set[str] = set()
    for path in _paths(whole, _PARQUET):
        with here(tenant, files, path) as source:
            leaving.update(undated(source))
    staying: set[str] = set()
    asked = Gone(comments=frozenset(in_results | leaving))
    for path in _paths(others, _PARQUET) if asked.comments else ():
        with here(tenant, files, path) as source:
            old = selected(source, only_dates, OWN_ID)
            staying.update(set(selected(source, asked, OWN_ID)).difference(old))
    return replace(gone.and_comments(leaving - staying), young=frozenset(staying & in_results))


@contextmanager
def here(tenant: str, files: Files, path: str) -> Iterator[Path]:
    """The file as a local one."""
    with tempfile.TemporaryDirectory() as folder:
        yield fetch(tenant, files, path, Path(folder) / "file")


def _paths(folders: Mapping[str, Sequence[str]], end: str) -> Iterator[str]:
    return (path for paths in folders.values() for path in paths if path.endswith(end))


def _name(folder: str) -> str:
    return folder.rpartition("/")[2]
