"""Files in a bucket of an S3-compatible store, through obstore (extra `s3`)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import chain
from typing import TYPE_CHECKING, Any

from warum_api.storing.errors import NoFileError, StorageError
from warum_api.storing.files import PIECE, StoredFile, checked_path

if TYPE_CHECKING:
    from obstore.store import ObjectStore

_PART = 8 * 2**20  # bytes that are sent at a time; a smaller file is sent at once


class BucketFiles:
    """A bucket; see `Files`.

    Args:
        store: A store of obstore's.
    """

    def __init__(self, store: ObjectStore) -> None:
        import obstore

        self._obstore: Any = obstore
        self._store = store

    @classmethod
    def of(cls, bucket: str, prefix: str = "", **config: Any) -> BucketFiles:  # noqa: ANN401
        """A bucket by its name.

        Args:
            bucket: Its name.
            prefix: What all paths in it begin with.
            **config: Settings of obstore's `S3Store`, over those of the environment.

        Raises:
            StorageError: If obstore is missing or does not take the settings.
        """
        try:
            from obstore.exceptions import BaseError
            from obstore.store import S3Store
        except ImportError:
            raise StorageError(
                f"The storage s3://{bucket} needs obstore.",
                hint='Install it with: pip install "warum[api,s3]"',
            ) from None
        try:
            return cls(S3Store(bucket, prefix=prefix or None, **config))
        except (BaseError, ValueError) as error:
            raise StorageError(f"The storage s3://{bucket} cannot be used: {error}.") from None

    def put(self, tenant: str, path: str, data: bytes | Iterable[bytes]) -> int:
        """See `Files`."""
        key = checked_path(tenant, path)
        if isinstance(data, bytes):
            self._obstore.put(self._store, key, data)
            return len(data)
        pieces = _in_parts(data)
        first = next(pieces, b"")
        if len(first) < _PART:
            self._obstore.put(self._store, key, first)
            return len(first)
        counted = _Counted(first, pieces)
        self._obstore.put(self._store, key, counted, chunk_size=_PART, use_multipart=True)
        return counted.size

    def get(self, tenant: str, path: str) -> bytes:
        """See `Files`."""
        return bytes(self._found(tenant, path).bytes())

    def stream(self, tenant: str, path: str, start: int = 0) -> Iterator[bytes]:
        """See `Files`."""
        found = self._found(tenant, path)
        if start >= found.meta["size"]:
            return
        if start:
            found = self._found(tenant, path, options={"range": {"offset": start}})
        for piece in found.stream(min_chunk_size=PIECE):
            whole = bytes(piece)
            for at in range(0, len(whole), PIECE):
                yield whole[at : at + PIECE]

    def delete(self, tenant: str, path: str) -> None:
        """See `Files`."""
        try:
            self._obstore.delete(self._store, checked_path(tenant, path))
        except FileNotFoundError:
            return

    def list(self, tenant: str, folder: str = "") -> Iterator[StoredFile]:
        """See `Files`."""
        prefix = checked_path(tenant, folder, folder=True) + "/"
        found = [
            StoredFile(meta["path"][len(tenant) + 1 :], meta["size"], meta["last_modified"])
            for metas in self._obstore.list(self._store, prefix=prefix)
            for meta in metas
        ]
        yield from sorted(found, key=lambda file: file.path)

    def _found(self, tenant: str, path: str, **options: Any) -> Any:  # noqa: ANN401 - obstore's
        try:
            return self._obstore.get(self._store, checked_path(tenant, path), **options)
        except FileNotFoundError:
            raise NoFileError(f"There is no file {path!r}.") from None


class _Counted:
    """Parts of a file on their way, and how many bytes they were."""

    def __init__(self, first: bytes, rest: Iterator[bytes]) -> None:
        self._first, self._rest, self.size = first, rest, 0

    def __iter__(self) -> Iterator[bytes]:
        for piece in chain((self._first,), self._rest):
            self.size += len(piece)
            yield piece


def _in_parts(data: Iterable[bytes]) -> Iterator[bytes]:
    """The same bytes in parts of one size; only the last is shorter."""
    gathered = bytearray()
    for piece in data:
        gathered += piece
        while len(gathered) >= _PART:
            yield bytes(gathered[:_PART])
            del gathered[:_PART]
    if gathered:
        yield bytes(gathered)
