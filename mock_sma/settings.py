"""Settings of the server: every option of ``serve`` is also an environment variable ``MOCK_SMA_…``."""

from __future__ import annotations

import os
from difflib import get_close_matches
from typing import TYPE_CHECKING, Annotated, Literal

from pydantic import Field, ValidationInfo, field_validator
from pydantic_core import PydanticCustomError
from pydantic_settings import BaseSettings, NoDecode, SettingsConfigDict

from mock_sma.clock import MAX_RATE

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping


class Settings(BaseSettings):
    """What ``mock-sma serve`` can be told, with its defaults."""

    model_config = SettingsConfigDict(
        env_prefix="MOCK_SMA_", env_ignore_empty=True, extra="ignore", frozen=True, populate_by_name=True
    )

    scenario: str = Field("sandbox", description="scenario to load: a name or a file")
    scenario_dir: Annotated[tuple[str, ...], NoDecode] = Field(
        (),
        description=f"directory with more scenarios to load by name; can be repeated, or separated by {os.pathsep!r}",
    )
    watch: bool = Field(False, description="reload the scenario when its file changes")
    capsule: str | None = Field(None, description="start from a capsule, a saved world, instead of a scenario")
    state: str | None = Field(
        None,
        description="file that keeps all state, so that it outlives the server, made where there is none; or URL of a "
        "Redis or Valkey server, by which several servers share one state",
    )
    workers: int = Field(
        1, ge=1, le=64, description="processes to answer requests, which share the state of --state URL"
    )
    host: str = Field("127.0.0.1", description="address to listen on")
    port: int = Field(8080, ge=0, le=65535, description="port to listen on; 0 picks a free one")
    seed: int | None = Field(None, ge=0, lt=2**63, description="random seed; kept across resets and scenario changes")
    now: str | None = Field(None, description="start time of the clock, ISO 8601 with an offset")
    rate: float = Field(1.0, ge=0.0, le=MAX_RATE, description="emulated seconds per real second; 0 freezes the clock")
    control_token: str | None = Field(None, description="bearer token required for /_mock and /portal")
    allowed_host: Annotated[tuple[str, ...], NoDecode] = Field(
        (),
        description="another host name that /_mock and /portal answer to; can be repeated, or separated by commas",
    )
    tls_cert: str | None = Field(None, description="PEM file with the certificate chain")
    tls_key: str | None = Field(None, description="PEM file with the private key")
    tls: Literal["auto"] | None = Field(
        None, description="auto creates certificates for SMA's host names, signed by a local authority"
    )
    tls_dir: str | None = Field(
        None,
        description="directory for these certificates and those of --proxy (default: in the user's state directory)",
    )
    proxy: bool = Field(
        False,
        description="also act as a proxy: answer CONNECT for SMA's hosts, with certificates as for --tls auto",
    )
    pass_through: Annotated[tuple[str, ...], NoDecode] = Field(
        (), description="HOST or HOST:PORT that the proxy may connect to; can be repeated, or separated by commas"
    )
    log_format: Literal["plain", "json"] = Field("plain", description="format of the log on stderr: plain or json")
    log_level: Literal["debug", "info", "warning", "error"] = Field(
        "warning", description="lowest level to log: debug, info, warning or error"
    )
    access_log: bool = Field(False, description="log every request")
    otlp: str | None = Field(
        None,
        description="send each exchange as a span to this collector (OTLP over HTTP), such as http://127.0.0.1:4318",
    )
    json_: bool = Field(False, alias="MOCK_SMA_JSON", description="print the ready line as JSON")

    @field_validator("allowed_host", "scenario_dir", "pass_through", mode="before")
    @classmethod
    def _separate(cls, value: object, info: ValidationInfo) -> object:
        texts = [value] if isinstance(value, str) else value
        if not isinstance(texts, list | tuple):
            return value
        separator = os.pathsep if info.field_name == "scenario_dir" else ","
        return tuple(name.strip() for text in texts for name in str(text).split(separator) if name.strip())

    @field_validator("host")
    @classmethod
    def _address(cls, value: str) -> str:
        if not value.strip():
            raise PydanticCustomError(
                "host", "must not be empty; use 127.0.0.1 for this machine only, or 0.0.0.0 for all its addresses"
            )
        return value.strip()

    @field_validator("control_token")
    @classmethod
    def _token(cls, value: str | None) -> str | None:
        # What cannot be sent would lock everybody out, and an empty one lets everybody in.
        if value is not None and (not value or any(not "!" <= sign <= "~" for sign in value)):
            raise PydanticCustomError("token", "must be one or more visible ASCII characters, without spaces")
        return value

    @field_validator("otlp")
    @classmethod
    def _collector(cls, value: str | None) -> str | None:
        if value is not None and not value.startswith(("http://", "https://")):
            raise PydanticCustomError("otlp", "must be an address such as http://127.0.0.1:4318")
        return value

    @field_validator("allowed_host")
    @classmethod
    def _names(cls, value: tuple[str, ...]) -> tuple[str, ...]:
        for name in value:
            if "/" in name:
                raise PydanticCustomError(
                    "name", "must be a host name such as sma.example.test, not '{name}'", {"name": name}
                )
        return value


def misspelt(environment: Mapping[str, str]) -> Iterator[tuple[str, str]]:
    """Yield variables that are nearly a setting's, with that one; others may be somebody else's."""
    prefix = "MOCK_SMA_"
    known = [name.rstrip("_").upper() for name in Settings.model_fields]
    for variable in sorted(environment):
        name = variable.removeprefix(prefix)
        if name != variable and name not in known and (near := get_close_matches(name, known, 1, 0.7)):
            yield variable, prefix + near[0]
