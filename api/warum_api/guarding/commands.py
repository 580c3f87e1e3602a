"""The commands `warum keys create`, `list`, `rotate` and `revoke`."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from warum.errors import UsageError

if TYPE_CHECKING:
    from sqlalchemy import Connection

    from warum_api.guarding.keys import NewKey

for _library in ("fastapi", "sqlalchemy"):  # said where the command line imports this module
    if find_spec(_library) is None:
        raise ImportError(f"{_library} is not installed", name=_library)

WHO = "cli"
keys_app = typer.Typer(help="Make and take back keys of the service.", no_args_is_help=True)

Tenant = Annotated[str, typer.Option(help="Whose data the keys open.")]
Config = Annotated[
    Path | None, typer.Option(help="YAML file of settings, as `warum serve` has it.")
]
KeyId = Annotated[str, typer.Argument(metavar="KEY", help="Its id, as `warum keys list` shows it.")]
Days = Annotated[
    int | None, typer.Option("--expires-days", min=1, help="Days until it expires; default: never.")
]


@keys_app.command()
def create(
    name: Annotated[str, typer.Argument(help="What the key is for.")],
    scope: Annotated[
        list[str] | None,
        typer.Option(help="read, write or admin; may be given several times. Default: read."),
    ] = None,
    expires_days: Days = None,
    tenant: Tenant = "default",
    config: Config = None,
) -> None:
    """Make a key and show it, this once."""
    from warum_api.guarding.keys import create_key
    from warum_api.storing.tenants import ensure_tenant

    if not name.strip():
        raise UsageError(
            f"The name of the key is {name!r}, expected what it is for.",
            hint='Such as: warum keys create "help desk".',
        )
    with _writing(config) as connection:
        try:
            ensure_tenant(tenant, connection)
            made = create_key(
                tenant, connection, name=name, scopes=scope or ["read"], who=WHO,
                expires_in=_days(expires_days),
            )  # fmt: skip
        except ValueError as error:
            raise UsageError(f"{error}.".capitalize()) from None
    _show(made)


@keys_app.command("list")
def list_(tenant: Tenant = "default", config: Config = None) -> None:
    """List the keys of a tenant: id, beginning, scopes, state, last use, name."""
    from warum_api.storing.api_keys import keys
    from warum_api.storing.database import now

    with _writing(config) as connection:
        at = now(connection)
        for key in keys(tenant, connection):
            state = "revoked" if key.revoked_at else "open" if key.opens(at) else "expired"
            if state == "open" and key.expires_at:
                state = f"until {key.expires_at:%Y-%m-%d}"
            used = f"used {key.used_at:%Y-%m-%d}" if key.used_at else "never used"
            cells = (key.id, f"{key.prefix}…", "+".join(key.scopes), state, used, key.name)
            typer.echo("\t".join(cells))


@keys_app.command()
def rotate(
    key: KeyId,
    overlap_days: Annotated[
        int, typer.Option(min=0, help="Days for which the old key still opens.")
    ] = 7,
    expires_days: Days = None,
    tenant: Tenant = "default",
    config: Config = None,
) -> None:
    """Make a key that takes another's place, and show it, this once."""
    from warum_api.guarding.keys import rotate_key

    with _writing(config) as connection:
        made = rotate_key(
            tenant, connection, key, who=WHO, overlap=timedelta(days=overlap_days),
            expires_in=_days(expires_days),
        )  # fmt: skip
    if made is None:
        raise _no_key(key, tenant)
    _show(made)


@keys_app.command()
def revoke(key: KeyId, tenant: Tenant = "default", config: Config = None) -> None:
    """Take a key back at once; a running service forgets it within seconds."""
    from warum_api.guarding.keys import revoke_key

    with _writing(config) as connection:
        if not revoke_key(tenant, connection, key, who=WHO):
            raise _no_key(key, tenant)
    typer.echo(f"{key} is revoked.", err=True)


@contextmanager
def _writing(config: Path | None) -> Iterator[Connection]:
    """A connection to the database of the settings, whose tables are made where they are missing."""
    from warum_api.settings import Settings, load_settings
    from warum_api.storing.opening import open_database
    from warum_api.unknown_names import warn_of_variables

    settings = load_settings(Settings, os.environ, config)
    warn_of_variables(os.environ)  # a misspelt WARUM_DATA would make keys for another service
    database = open_database(settings)
    try:
        with database.writing() as connection:
            yield connection
    finally:
        database.close()


def _days(days: int | None) -> timedelta | None:
    return None if days is None else timedelta(days=days)


def _show(made: NewKey) -> None:
    typer.echo(made.text)
    typer.echo(
        f"{made.key.id} ({'+'.join(made.key.scopes)}): this is the only time that the key is shown.",
        err=True,
    )


def _no_key(key: str, tenant: str) -> UsageError:
    return UsageError(
        f"The tenant {tenant!r} has no key {key!r} that still opens.",
        hint="`warum keys list` shows its keys.",
    )
