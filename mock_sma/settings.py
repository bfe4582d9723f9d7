"""Settings of the server: every option of ``serve`` is also an environment variable ``MOCK_SMA_…``."""

from __future__ import annotations

import os
from dataclasses import field, fields
from difflib import get_close_matches
from typing import TYPE_CHECKING, Any

from mock_sma.clock import MAX_RATE
from mock_sma.errors import UsageError
from mock_sma.frozen import frozen

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping
    from dataclasses import Field

PREFIX = "MOCK_SMA_"

TRUE = ("1", "true", "t", "yes", "y", "on")
FALSE = ("0", "false", "f", "no", "n", "off")


def _told(default: Any, about: str, read: Callable[[object], object]) -> Any:
    """Return the field of a setting.

    Args:
        about: what it does, for people.
        read: makes a value of a variable's text or of what an option was given; raises ValueError with a complaint.
    """
    return field(default=default, metadata={"about": about, "read": read})


def _flag(value: object) -> bool:
    word = str(value).strip().lower()
    if word not in TRUE + FALSE:
        raise ValueError(f"must be true or false, not {value!r}")
    return word in TRUE


def _number(kind: type[int | float], low: float, high: float) -> Callable[[object], object]:
    def read(value: object) -> float:
        try:
            found = kind(str(value))
        except ValueError:
            raise ValueError(f"must be a {'whole ' if kind is int else ''}number, not {value!r}") from None
        if not low <= found <= high:
            raise ValueError(f"must be between {low} and {high}, not {value}")
        return found

    return read


def _word(*words: str) -> Callable[[object], object]:
    def read(value: object) -> str:
        if value not in words:
            near = get_close_matches(str(value), words, 1)
            raise ValueError(
                f"must be {' or '.join(words)}, not {value!r}{f'; did you mean {near[0]}?' if near else ''}"
            )
        return str(value)

    return read


def _texts(separator: str, check: Callable[[str], str] = str) -> Callable[[object], object]:
    def read(value: object) -> tuple[str, ...]:
        texts = value if isinstance(value, list | tuple) else [value]
        return tuple(check(name.strip()) for text in texts for name in str(text).split(separator) if name.strip())

    return read


def _address(value: object) -> str:
    if not str(value).strip():
        raise ValueError("must not be empty; use 127.0.0.1 for this machine only, or 0.0.0.0 for all its addresses")
    return str(value).strip()


def _token(value: object) -> str:
    # What cannot be sent would lock everybody out, and an empty one lets everybody in.
    text = str(value)
    if not text or any(not "!" <= sign <= "~" for sign in text):
        raise ValueError("must be one or more visible ASCII characters, without spaces")
    return text


def _collector(value: object) -> str:
    if not str(value).startswith(("http://", "https://")):
        raise ValueError("must be an address such as http://127.0.0.1:4318")
    return str(value)


def _name(value: str) -> str:
    if "/" in value:
        raise ValueError(f"must be a host name such as sma.example.test, not {value!r}")
    return value


@frozen(kw_only=True)
class Settings:
    """What ``mock-sma serve`` can be told, with its defaults; :func:`read_settings` looks at the environment too.

    Attributes:
        given: names of what was told, by an option or a variable.
    """

    scenario: str = _told("sandbox", "scenario to load: a name or a file", str)
    scenario_dir: tuple[str, ...] = _told(
        (),
        f"directory with more scenarios to load by name; can be repeated, or separated by {os.pathsep!r}",
        _texts(os.pathsep),
    )
    consent: str | None = _told(
        None,
        "what every owner has answered at the start: accepted, pending, rejected, revoked, expired or none "
        "(default: as the scenario says)",
        _word("accepted", "pending", "rejected", "revoked", "expired", "none"),
    )
    watch: bool = _told(False, "reload the scenario when its file changes", _flag)
    capsule: str | None = _told(None, "start from a capsule, a saved world, instead of a scenario", str)
    state: str | None = _told(
        None,
        "file that keeps all state, so that it outlives the server, made where there is none; or URL of a "
        "Redis or Valkey server, by which several servers share one state",
        str,
    )
    workers: int = _told(1, "processes to answer requests, which share the state of --state", _number(int, 1, 64))
    host: str = _told("127.0.0.1", "address to listen on", _address)
    port: int = _told(8080, "port to listen on; 0 picks a free one", _number(int, 0, 65535))
    seed: int | None = _told(None, "random seed; kept across resets and scenario changes", _number(int, 0, 2**63 - 1))
    now: str | None = _told(None, "start time of the clock, ISO 8601 with an offset", str)
    rate: float = _told(1.0, "emulated seconds per real second; 0 freezes the clock", _number(float, 0.0, MAX_RATE))
    control_token: str | None = _told(None, "bearer token required for /_mock and /portal", _token)
    allowed_host: tuple[str, ...] = _told(
        (),
        "another host name that /_mock and /portal answer to; can be repeated, or separated by commas",
        _texts(",", _name),
    )
    tls_cert: str | None = _told(None, "PEM file with the certificate chain", str)
    tls_key: str | None = _told(None, "PEM file with the private key", str)
    tls: str | None = _told(
        None, "auto creates certificates for SMA's host names, signed by a local authority", _word("auto")
    )
    tls_dir: str | None = _told(
        None, "directory for these certificates and those of --proxy (default: in the user's state directory)", str
    )
    proxy: bool = _told(
        False, "also act as a proxy: answer CONNECT for SMA's hosts, with certificates as for --tls auto", _flag
    )
    pass_through: tuple[str, ...] = _told(
        (), "HOST or HOST:PORT that the proxy may connect to; can be repeated, or separated by commas", _texts(",")
    )
    log_format: str = _told("plain", "format of the log on stderr: plain or json", _word("plain", "json"))
    log_level: str = _told(
        "warning",
        "lowest level to log: debug, info, warning or error",
        _word("debug", "info", "warning", "error"),
    )
    access_log: bool = _told(False, "log every request", _flag)
    otlp: str | None = _told(
        None,
        "send each exchange as a span to this collector (OTLP over HTTP), such as http://127.0.0.1:4318",
        _collector,
    )
    json_: bool = _told(False, "print the ready line as JSON", _flag)
    given: frozenset[str] = frozenset()


SETTINGS: dict[str, Field[Any]] = {item.name: item for item in fields(Settings) if item.metadata}
"""The fields of what can be told, by their names; ``metadata["about"]`` says what it does."""


def variable(name: str) -> str:
    """Return the environment variable of a setting."""
    return PREFIX + name.rstrip("_").upper()


def option(name: str) -> str:
    """Return the option of a setting."""
    return "--" + name.rstrip("_").replace("_", "-")


def read_settings(options: Mapping[str, object], environment: Mapping[str, str] | None = None) -> Settings:
    """Return the settings of a command line over those of the environment.

    Args:
        options: what was given, by the settings' names.
        environment: variables, in any case; those that are empty do not count. None: this process's.

    Raises:
        UsageError: values that cannot be used, each with its option or its variable.
    """
    variables = {name.upper(): text for name, text in (os.environ if environment is None else environment).items()}
    told: dict[str, Any] = {}
    problems = []
    for name, item in SETTINGS.items():
        source = option(name) if name in options else variable(name)
        value = options[name] if name in options else variables.get(source) or None
        if value is None:
            continue
        try:
            told[name] = item.metadata["read"](value)
        except ValueError as error:
            problems.append(f"{source}: {error}")
    if problems:
        raise UsageError("; ".join(problems))
    return Settings(**told, given=frozenset(told))


def misspelt(environment: Mapping[str, str]) -> Iterator[tuple[str, str]]:
    """Yield variables that are nearly a setting's, with that one; others may be somebody else's."""
    known = [variable(name).removeprefix(PREFIX) for name in SETTINGS]
    for spelt in sorted(environment):
        name = spelt.upper().removeprefix(PREFIX)
        if name != spelt.upper() and name not in known and (near := get_close_matches(name, known, 1, 0.7)):
            yield spelt, PREFIX + near[0]
