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

    scenario: str = Field("sandbox", description="name of a scenario, or a file")
    scenario_dir: Annotated[tuple[str, ...], NoDecode] = Field(
        (), description=f"directory whose scenarios have names too; may be repeated, or hold several by {os.pathsep!r}"
    )
    watch: bool = Field(False, description="load the scenario again when its file changes")
    capsule: str | None = Field(
        None, description="file to begin with: a world that was written down; in place of a scenario"
    )
    host: str = Field("127.0.0.1", description="address to listen on")
    port: int = Field(8080, ge=0, le=65535, description="port to listen on; 0 picks a free one")
    seed: int | None = Field(
        None, ge=0, lt=2**63, description="seed of all chance; outlives reset and scenario changes"
    )
    now: str | None = Field(None, description="start of the clock, ISO 8601 with offset")
    rate: float = Field(1.0, ge=0.0, le=MAX_RATE, description="emulated seconds per second; 0 freezes")
    control_token: str | None = Field(None, description="bearer token that /_mock and /portal then want")
    allowed_host: Annotated[tuple[str, ...], NoDecode] = Field(
        (), description="further host name that /_mock and /portal answer to; may be repeated, or hold commas"
    )
    tls_cert: str | None = Field(None, description="PEM file with the certificate chain")
    tls_key: str | None = Field(None, description="PEM file with the certificate's key")
    tls: Literal["auto"] | None = Field(
        None, description="auto makes certificates for SMA's host names, signed by an authority of this machine"
    )
    tls_dir: str | None = Field(
        None, description="where --tls auto and --proxy keep them (default: in the user's state directory)"
    )
    proxy: bool = Field(
        False, description="be a proxy too: CONNECT leads to SMA's hosts here, with certificates as those of --tls auto"
    )
    pass_through: Annotated[tuple[str, ...], NoDecode] = Field(
        (), description="HOST or HOST:PORT that the proxy lets through; may be repeated, or hold commas"
    )
    log_format: Literal["plain", "json"] = Field("plain", description="form of what is logged to stderr: plain or json")
    log_level: Literal["debug", "info", "warning", "error"] = Field(
        "warning", description="least level that is logged: debug, info, warning or error"
    )
    access_log: bool = Field(False, description="log each request")
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
            raise PydanticCustomError("host", "is empty; 127.0.0.1 is this machine alone, 0.0.0.0 all its addresses")
        return value.strip()

    @field_validator("control_token")
    @classmethod
    def _token(cls, value: str | None) -> str | None:
        # What cannot be sent would lock everybody out, and an empty one lets everybody in.
        if value is not None and (not value or any(not "!" <= sign <= "~" for sign in value)):
            raise PydanticCustomError("token", "has to be one or more visible ASCII characters without a space")
        return value

    @field_validator("allowed_host")
    @classmethod
    def _names(cls, value: tuple[str, ...]) -> tuple[str, ...]:
        for name in value:
            if "/" in name:
                raise PydanticCustomError(
                    "name", "takes names of hosts such as sma.example.test, not '{name}'", {"name": name}
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
