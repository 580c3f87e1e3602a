"""How the service is set up: one frozen object, from the environment and an optional YAML file.

`WARUM_PORT=9000` sets `port`; `WARUM_PORT_FILE=/run/secrets/port` reads it from a file. What is given on the
command line wins over the environment, and the environment over the file. Secrets are never read from YAML.
"""

from __future__ import annotations

import ipaddress
import re
from collections.abc import Mapping
from difflib import get_close_matches
from pathlib import Path
from typing import Any, Literal, Self, TypeVar

import yaml
from pydantic import (
    BaseModel,
    ConfigDict,
    Field,
    SecretStr,
    ValidationError,
    field_validator,
    model_validator,
)

from warum.errors import UsageError

PREFIX = "WARUM_"
CONFIG = "WARUM_CONFIG"
"""Names the YAML file where no other is given."""


class Settings(BaseModel):
    """What the service is told at its start; each field says what it decides."""

    model_config = ConfigDict(frozen=True, extra="forbid", hide_input_in_errors=True)

    host: str = Field(default="127.0.0.1", description="Address to listen on.")
    port: int = Field(default=8000, ge=0, le=65535, description="Port to listen on; 0 takes one.")
    workers: int = Field(default=1, ge=1, le=64, description="Processes; each loads the model.")
    auth: Literal["off", "keys"] = Field(
        default="off",
        description="Who may call. `off`: anyone on this machine, and nobody else; `keys`: who has a key.",
    )
    data: Path = Field(default=Path("warum-data"), description="Folder of all that is kept.")
    database_url: SecretStr | None = Field(
        default=None,
        description="`postgresql://user:password@host/name`; without it, SQLite in the data folder.",
    )
    storage_url: str | None = Field(
        default=None, description="`s3://bucket/prefix`; without it, files are in the data folder."
    )
    rate_limit: str = Field(
        default="600/minute",
        description="Requests of a key, per `second`, `minute`, `hour` or `day`.",
    )
    session_secret: SecretStr | None = Field(
        default=None,
        min_length=16,
        description="Signs the sessions of the page; without it, a file in the data folder does.",
    )
    oidc_issuer: str | None = Field(
        default=None, description="Issuer whose tokens are taken too; needs warum[oidc]."
    )
    oidc_audience: str = Field(default="warum", description="What a token's `aud` has to hold.")
    oidc_tenant_claim: str = Field(default="tenant", description="Claim that names the tenant.")
    webhook_networks: str = Field(
        default="",
        description="Networks that webhooks may reach though they are not public: `10.1.0.0/16, …`, or `all`.",
    )
    webhook_http: bool = Field(
        default=False, description="Whether webhooks may be `http` too, and at any port."
    )
    webhook_text: bool = Field(
        default=False, description="Whether webhooks may carry redacted texts of comments."
    )
    model: str = Field(default="auto", description="The reader, as `warum analyze --model`.")
    main_language: str | None = Field(
        default=None,
        pattern="^[a-z]{2,3}$",
        description="Language of comments too short to tell, such as `de`.",
    )
    jobs: bool = Field(
        default=True,
        description="Whether this service starts a worker process where there are jobs.",
    )
    threads: int = Field(default=2, ge=1, le=64, description="Threads that read, per process.")
    batch_comments: int = Field(
        default=64, ge=1, le=4096, description="Comments read together; 1 reads each by itself."
    )
    batch_characters: int = Field(
        default=8_000, ge=1, description="Characters read together, unless one comment has more."
    )
    waiting_comments: int = Field(
        default=10_000, ge=1, description="Comments that may wait; above, requests are refused."
    )
    deadline_seconds: float = Field(
        default=30.0, gt=0, le=3600, description="Time that a request may take."
    )
    max_comments: int = Field(default=1_000, ge=1, le=1_000, description="Comments of a request.")
    max_field_characters: int = Field(
        default=50_000, ge=1, le=1_000_000, description="Characters of a text."
    )
    max_body_bytes: int = Field(default=16 * 2**20, ge=1, description="Bytes of a body as sent.")
    max_decompressed_bytes: int = Field(
        default=64 * 2**20, ge=1, description="Bytes of a compressed body once decompressed."
    )
    body_seconds: float = Field(default=30.0, gt=0, description="Time in which a body must arrive.")
    max_copied_bytes: int = Field(
        default=2**30,
        ge=0,
        description="Bytes of results that a process copies from a bucket and keeps.",
    )
    max_upload_bytes: int = Field(
        default=2 * 2**30, ge=1, description="Bytes of an uploaded file, over all its pieces."
    )
    upload_keep_hours: int = Field(
        default=48,
        ge=1,
        le=8_760,
        description="Hours after which a file is given up to which nothing was added.",
    )
    upload_seconds: float = Field(
        default=600.0, gt=0, description="Time in which a piece of a file must arrive."
    )
    shutdown_seconds: int = Field(
        default=30, ge=0, description="Time in which requests are finished at the end."
    )
    log_format: Literal["json", "console"] = Field(default="json", description="Form of the logs.")
    tracing: bool = Field(default=False, description="OpenTelemetry spans; needs warum[otel].")

    @field_validator("rate_limit")
    @classmethod
    def _rate(cls, given: str) -> str:
        if not re.fullmatch(r"[1-9][0-9]{0,8}/(second|minute|hour|day)", given, re.ASCII):
            raise ValueError(
                f"it is {given!r}, expected such as 600/minute (second, minute, hour or day)"
            )
        return given

    @field_validator("webhook_networks")
    @classmethod
    def _networks(cls, given: str) -> str:
        for part in given.split(","):
            if part.strip() not in ("", "all"):
                ipaddress.ip_network(part.strip())
        return given

    @model_validator(mode="after")
    def _keys_outside_loopback(self) -> Self:
        if self.auth == "off" and not is_loopback(self.host):
            raise ValueError(
                f"host is {self.host!r}, and without API keys the service listens on loopback only: use 127.0.0.1"
            )
        return self


def is_loopback(host: str) -> bool:
    """Whether a host name or address is this machine's own: `localhost`, 127.0.0.0/8 or ::1."""
    name = host.strip("[]").lower()
    if name == "localhost":
        return True
    try:
        address = ipaddress.ip_address(name)
    except ValueError:
        return False
    mapped = getattr(address, "ipv4_mapped", None)
    return (mapped or address).is_loopback


_Kind = TypeVar("_Kind", bound=Settings)


def load_settings(
    kind: type[_Kind],
    environment: Mapping[str, str],
    config: Path | None = None,
    *,
    given: Mapping[str, Any] | None = None,
) -> _Kind:
    """Settings from a YAML file, the environment and what was given, each over the one before.

    Args:
        kind: The class of the settings.
        environment: Such as `os.environ`; names that are no setting are left alone.
        config: The YAML file; by default the one that `WARUM_CONFIG` names, if any.
        given: What the command line gave; values of None are not given.

    Raises:
        UsageError: If a value cannot be meant, a file cannot be read, or the YAML holds a secret.
    """
    named = config or (Path(environment[CONFIG]) if environment.get(CONFIG) else None)
    values = _from_yaml(named, kind) if named else {}
    values |= _from_environment(environment, kind)
    values |= {name: value for name, value in (given or {}).items() if value is not None}
    try:
        return kind.model_validate(values)
    except ValidationError as error:
        wrong = error.errors(include_url=False)[0]
        name = ".".join(map(str, wrong["loc"]))
        message = wrong["msg"].removeprefix("Value error, ")
        if wrong["type"] == "extra_forbidden":
            near = get_close_matches(name, kind.model_fields, 1)
            raise UsageError(
                f"There is no setting {name!r}.",
                hint=f"Was {near[0]!r} meant?" if near else "docs/service.md lists them all.",
            ) from None
        raise UsageError(
            f"The setting {name!r} cannot be used: {message}." if name else f"{message}.",
            hint=f"Set it as {PREFIX}{name.upper()} or in the file of --config." if name else "",
        ) from None


def environment_of(settings: Settings) -> dict[str, str]:
    """The settings as another process reads them from its environment."""
    given = {}
    for name in type(settings).model_fields:
        value = getattr(settings, name)
        if isinstance(value, SecretStr):
            value = value.get_secret_value()
        if value is not None:
            given[PREFIX + name.upper()] = str(
                value.resolve() if isinstance(value, Path) else value
            )
    return given


def secrets_of(kind: type[Settings]) -> frozenset[str]:
    """Names of the settings that are secrets."""
    return frozenset(
        name for name, field in kind.model_fields.items() if "SecretStr" in str(field.annotation)
    )


def secret(value: SecretStr | None) -> str | None:
    """The text of a secret, where it is needed."""
    return None if value is None else value.get_secret_value()


def _from_environment(environment: Mapping[str, str], kind: type[Settings]) -> dict[str, Any]:
    values: dict[str, Any] = {}
    for name in kind.model_fields:
        variable = PREFIX + name.upper()
        file = environment.get(f"{variable}_FILE")
        if file is not None:
            values[name] = _text(Path(file), f"{variable}_FILE").strip()
        if variable in environment:
            values[name] = environment[variable]
    return values


def _from_yaml(path: Path, kind: type[Settings]) -> dict[str, Any]:
    try:
        data = yaml.safe_load(_text(path, "--config"))
    except yaml.YAMLError as error:
        raise UsageError(f"{str(path)!r} is no readable YAML: {error}.") from None
    if data is None:
        return {}
    if not isinstance(data, dict):
        raise UsageError(f"{str(path)!r} holds {data!r}, expected settings such as 'port: 8000'.")
    told = sorted(secrets_of(kind) & data.keys())
    if told:
        raise UsageError(
            f"{str(path)!r} holds the secret {told[0]!r}, which a file of settings must not.",
            hint=f"Set {PREFIX}{told[0].upper()}, or {PREFIX}{told[0].upper()}_FILE to a file with it.",
        )
    return data


def _text(path: Path, option: str) -> str:
    try:
        return path.read_text("utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise UsageError(f"{option} names {str(path)!r}, which cannot be read: {error}.") from None
