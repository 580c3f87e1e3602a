"""The database and the files that the settings name."""

from __future__ import annotations

from warum_api.settings import Settings, secret
from warum_api.storing.database import Database, in_folder
from warum_api.storing.files import Files, open_files
from warum_api.storing.migrating import upgrade


def open_database(settings: Settings) -> Database:
    """The database, with the tables of this program; by default SQLite in the data folder.

    Raises:
        StorageError: If it cannot be used.
    """
    database = Database(secret(settings.database_url) or in_folder(settings.data))
    upgrade(database)
    return database


def open_storage(settings: Settings) -> Files:
    """The files; by default in the data folder.

    Raises:
        StorageError: If they cannot be used.
    """
    return open_files(settings.storage_url or str(settings.data / "files"))
