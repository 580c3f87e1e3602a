"""The database and the files that the settings name."""

from __future__ import annotations

from sqlalchemy.exc import SQLAlchemyError

from warum_api.settings import Settings, secret
from warum_api.storing.database import Database, in_folder
from warum_api.storing.errors import StorageError
from warum_api.storing.files import Files, open_files
from warum_api.storing.migrating import upgrade


def open_database(settings: Settings) -> Database:
    """The database, with the tables of this program; by default SQLite in the data folder.

    Raises:
        StorageError: If it cannot be used.
    """
    database = Database(secret(settings.database_url) or in_folder(settings.data))
    try:
        upgrade(database)
    except SQLAlchemyError as error:
        database.close()
        why = " ".join(str(getattr(error, "orig", None) or error).split())
        raise StorageError(
            f"The database {database} cannot be used: {why}",
            hint="Is it running, and do user, password and name of WARUM_DATABASE_URL fit?"
            if settings.database_url
            else "Is the folder of WARUM_DATA one that may be written, and is the disk not full?",
        ) from None
    return database


def open_storage(settings: Settings) -> Files:
    """The files; by default in the data folder.

    Raises:
        StorageError: If they cannot be used.
    """
    return open_files(settings.storage_url or str(settings.data / "files"))
