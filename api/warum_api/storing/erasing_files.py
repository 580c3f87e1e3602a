"""Erase comments from a project's files.

Under `projects/<id>/`: an upload in `uploads/` is rewritten, and what could be drawn for an audit in `audits/`; a
result in `results/<folder>/` too, where it holds one of the comments, and what cannot be rewritten of it (reports,
summaries) is deleted; the parts of jobs in `jobs/` are deleted, because they hold texts of all comments; own models in
`models/` forget that they were trained on the texts.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from warum_api.storing.erasing_dates import here, settle_dates
from warum_api.storing.erasing_models import COMMENTS, forget_texts, texts_of_result
from warum_api.storing.errors import StorageError
from warum_api.storing.files import PIECE, Files, delete_all, project_folder
from warum_api.storing.gone import Gone, Rewriter


@dataclass(frozen=True, slots=True)
class FromFiles:
    """What was erased from files.

    Attributes:
        comments: Ids of the comments.
        rewritten: Files that are there without them.
        deleted: Files that are no more.
        models: Folders of models that were trained on one of the texts.
    """

    comments: frozenset[str] = frozenset()
    rewritten: tuple[str, ...] = ()
    deleted: tuple[str, ...] = ()
    models: tuple[str, ...] = ()


def check_uploads(
    tenant: str,
    files: Files,
    project: str,
    rewriters: Sequence[Rewriter],
    but: Collection[str] = (),
) -> None:
    """Look whether comments can be taken out of all uploads of a project.

    Args:
        tenant: Whose they are.
        files: The files.
        project: The project.
        rewriters: Which files they can be taken out of.
        but: Ids of uploads that are not looked at.

    Raises:
        StorageError: If there is one that no rewriter takes.
    """
    top = f"{project_folder(project)}/uploads"
    for file in files.list(tenant, top):
        name = file.path.removeprefix(f"{top}/").partition("/")[0]
        if name not in but and _rewriter(file.path, rewriters) is None:
            raise StorageError(
                f"Nothing can be erased from {file.path!r}: no rewriter takes it.",
                hint="Delete the upload, or give the eraser a rewriter of its form.",
            )


def erase_from_files(
    tenant: str,
    files: Files,
    project: str,
    gone: Gone,
    rewriters: Sequence[Rewriter],
    old_uploads: Collection[str] = (),
) -> FromFiles:
    """Erase comments from all files of a project. Done twice, it does nothing the second time.

    Args:
        tenant: Whose they are.
        files: The files.
        project: The project.
        gone: What is to go.
        rewriters: Which files it can be taken out of.
        old_uploads: Ids of uploads that go as a whole.
    """
    top = project_folder(project)
    jobs = tuple(file.path for file in files.list(tenant, f"{top}/jobs"))
    delete_all(tenant, files, f"{top}/jobs")
    folders = _folders(tenant, files, top)
    if gone.before is not None:
        gone = settle_dates(tenant, files, folders, gone, old_uploads)
    held = {
        path: found
        for path in (path for paths in folders.values() for path in paths)
        if (found := _finds(tenant, files, path, gone, rewriters)) is not None
    }
    ids = frozenset[str]().union(*held.values())
    gone = gone.and_comments(ids)
    # A response of an upload may have become several comments of a result.
    for path in [path for paths in folders.values() for path in paths]:
        ids = ids.union(_finds(tenant, files, path, gone, rewriters) or ())
    gone = gone.and_comments(ids)
    for path in (path for paths in folders.values() for path in paths):
        if path.endswith(f"/{COMMENTS}"):
            with here(tenant, files, path) as source:
                gone = gone.and_texts(texts_of_result(source, gone))
    models = forget_texts(tenant, files, f"{top}/models", gone.texts)
    rewritten: list[str] = []
    deleted = list(jobs)
    holders = {
        path
        for paths in folders.values()
        for path in paths
        if _finds(tenant, files, path, gone, rewriters) is not None
    }
    for folder, paths in folders.items():
        if folder.rpartition("/")[2] in old_uploads:
            deleted += _delete(tenant, files, paths)
            continue
        holding = [path for path in paths if path in holders]
        unread = all(_rewriter(path, rewriters) is None for path in paths)
        if holders and unread and not folder.startswith(f"{top}/uploads/"):
            # A report or the like without its rows: nobody can tell whom it quotes. An upload has come meanwhile.
            deleted += _delete(tenant, files, paths)
            continue
        if holding:
            # What names the customer goes last: an erasure that is begun again finds the ids there.
            holding.sort(key=lambda path: (path in held, path))
            deleted += _delete(tenant, files, [p for p in paths if _rewriter(p, rewriters) is None])
            for path in holding:
                _rewrite(tenant, files, path, gone, rewriters)
            rewritten += holding
    return FromFiles(ids, tuple(rewritten), tuple(deleted), models)


def _folders(tenant: str, files: Files, top: str) -> dict[str, list[str]]:
    """The files of uploads and results, by upload and by result."""
    folders: dict[str, list[str]] = {}
    # Uploads last: their dates and customers tell what is to go, and an erasure may have to begin again.
    for part in ("audits", "results", "uploads"):
        for file in files.list(tenant, f"{top}/{part}"):
            name = file.path.removeprefix(f"{top}/{part}/").partition("/")[0]
            folders.setdefault(f"{top}/{part}/{name}", []).append(file.path)
    return folders


def _finds(
    tenant: str, files: Files, path: str, gone: Gone, rewriters: Sequence[Rewriter]
) -> Collection[str] | None:
    rewriter = _rewriter(path, rewriters)
    if rewriter is None:
        return None
    with here(tenant, files, path) as source:
        return rewriter.finds(source, gone)


def _rewrite(
    tenant: str, files: Files, path: str, gone: Gone, rewriters: Sequence[Rewriter]
) -> None:
    rewriter = _rewriter(path, rewriters)
    assert rewriter is not None
    with here(tenant, files, path) as source:
        target = source.with_name("without")
        rewriter.without(source, target, gone)
        files.put(tenant, path, _pieces(target))


def _delete(tenant: str, files: Files, paths: Sequence[str]) -> list[str]:
    for path in paths:
        files.delete(tenant, path)
    return list(paths)


def _rewriter(path: str, rewriters: Sequence[Rewriter]) -> Rewriter | None:
    return next((one for one in rewriters if one.takes(path)), None)


def _pieces(path: Path) -> Iterator[bytes]:
    with path.open("rb") as file:
        while piece := file.read(PIECE):
            yield piece
