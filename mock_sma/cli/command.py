"""The commands by name, and the parser that they have in common."""

from __future__ import annotations

import argparse
import itertools
from difflib import get_close_matches
from typing import TYPE_CHECKING, NamedTuple, NoReturn, TypeVar

from mock_sma.cli.output import complain

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

Number = TypeVar("Number", int, float)

URL_HELP = "address of the server (default: from the MOCK_SMA_… variables, or http://127.0.0.1:8080)"


class Command(NamedTuple):
    """A command.

    Attributes:
        about: what it does, in the list of commands and at the top of its own help.
        module: where it is, below ``mock_sma.cli``.
        options: the function there that adds its options to a parser, with what runs it as ``run``.
    """

    about: str
    module: str
    options: str


COMMANDS = {
    "serve": Command("run the server", "serve_options", "add_serve"),
    "run": Command("run a program unchanged, with its calls to SMA's hosts answered by a world", "run", "add_run"),
    "exam": Command("let a program sit an exam: run it in each of many situations, and judge it", "exam", "add_exam"),
    "record": Command("pass calls on to SMA and write them down, without secrets", "record", "add_record"),
    "witness": Command(
        "hold real traffic against the emulator; exit status 1 means they differ", "witness", "add_witness"
    ),
    "import": Command("make a scenario of real traffic", "importing", "add_import"),
    "health": Command("check that a running server answers; exit status 0 means that it does", "health", "add_health"),
    "replay": Command(
        "replay the requests of a capsule; exit status 0 means the answers are the same", "replay", "add_replay"
    ),
    "check": Command("validate scenario files, with one line per problem", "scenarios", "add_check"),
    "scenarios": Command("list the included scenarios", "scenarios", "add_scenarios"),
    "init": Command("create a commented scenario file to start from", "scenarios", "add_init"),
    "schema": Command("print the JSON Schema of scenario files, for editors", "scenarios", "add_schema"),
    "sample": Command("print measurements of a plant or device as a table and a chart", "sample", "add_sample"),
    "logs": Command("show the requests to a running server, and why each got its answer", "remote", "add_logs"),
    "consents": Command("list the consents of a running server, or answer for an owner", "remote", "add_consents"),
    "clock": Command("show or change the clock of a running server", "remote", "add_clock"),
    "doctor": Command("find out what is wrong with a setup, and how to fix it", "doctor", "add_doctor"),
    "mcp": Command("serve tools for agents and editors that explain what a program did", "mcp", "add_mcp"),
    "openapi": Command("print the OpenAPI document of the vendor API", "openapi", "add_openapi"),
}


class Parser(argparse.ArgumentParser):
    """A parser that says in one line what is wrong, and what may have been meant."""

    _given: Sequence[str] = ()

    def _options(self) -> Iterable[str]:
        return self._option_string_actions

    def parse_known_args(  # type: ignore[override] # as above
        self, args: Sequence[str] | None = None, namespace: argparse.Namespace | None = None
    ) -> tuple[argparse.Namespace, list[str]]:
        """Return the arguments, and those that are unknown."""
        self._given = args or ()
        return super().parse_known_args(args, namespace)

    def parse_args(  # type: ignore[override] # called with words alone
        self, args: Sequence[str] | None = None, namespace: argparse.Namespace | None = None
    ) -> argparse.Namespace:
        """Return the arguments; ends the process with status 2 where there is a mistake."""
        found, unknown = self.parse_known_args(args, namespace)
        if unknown:
            found.parser.refuse(unknown[0])
        del found.parser
        return found

    def refuse(self, word: str) -> NoReturn:
        """End the process: an argument is unknown."""
        name = word.partition("=")[0]
        if not name.startswith("-"):
            self.error(f"unexpected argument {word!r}")
        self.error(f"there is no option {name}{self._meant(name)}")

    def _meant(self, name: str) -> str:
        """Return a question for what may have been meant by an option that there is not."""
        options = [option for option in self._options() if option.startswith("--")]
        if len(name) == len("-p"):  # no option has a short form
            return near(name, [option for option in options if option[2] == name[1]], 0.0)
        return near(name, options) or near(name, self._words())

    def _words(self) -> Iterable[str]:
        """Return the words that an argument without dashes may be."""
        places = [action for action in self._actions if not action.option_strings]
        return [word for action in places for word in map(str, action.choices or [action.metavar or action.dest])]

    def _check_value(self, action: argparse.Action, value: object) -> None:
        """Refuse a word that is none of those there are."""
        if action.choices is not None and value not in action.choices:
            words = [str(choice) for choice in action.choices]
            place = action if action.option_strings else None
            told = f"must be {' or '.join(words)}, not {value!r}{near(str(value), words)}"
            raise argparse.ArgumentError(place, told)

    def error(self, message: str) -> NoReturn:
        """End the process with status 2 and a line; the options are listed by ``--help``."""
        # A value behind a misspelt option is taken for something else: the option is what was wrong.
        given, self._given = self._given, ()
        for word in itertools.takewhile(lambda word: word != "--", given):
            if word.startswith("--") and not any(known.startswith(word.partition("=")[0]) for known in self._options()):
                self.refuse(word)
        complain(f"{self.prog}: {message.removeprefix('argument ')} (see {self.prog} --help)")
        raise SystemExit(2)


def near(word: str, known: Iterable[str], alike: float = 0.65) -> str:
    """Return a question for the word or option that may have been meant; empty where none is so much alike."""
    spelt = {item.lower().lstrip("-"): item for item in known}
    found = get_close_matches(word.lower().lstrip("-"), spelt, 1, alike)
    return f"; did you mean {spelt[found[0]]}?" if found else ""


def whole(text: str) -> int:
    """Return the whole number that a text is; raises what argparse wants where it is none."""
    return _read(text, int, "a whole number")


def number(text: str) -> float:
    """Return the number that a text is; raises as :func:`whole`."""
    return _read(text, float, "a number")


def _read(text: str, kind: Callable[[str], Number], what: str) -> Number:
    try:
        return kind(text)
    except ValueError:
        raise argparse.ArgumentTypeError(f"must be {what}, not {text!r}") from None
