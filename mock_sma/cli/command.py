"""What all commands have in common."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import argparse

    Commands = argparse._SubParsersAction[argparse.ArgumentParser]  # noqa: SLF001 - it has no other name

URL_HELP = "address of the server (default: from the MOCK_SMA_… variables, or http://127.0.0.1:8080)"


def add_command(commands: Commands, name: str, about: str) -> argparse.ArgumentParser:
    """Add a command to the parser of all commands and return its own.

    Args:
        about: what it does, in the list of commands and on top of its own help.
    """
    return commands.add_parser(name, help=about, description=f"{about[0].upper()}{about[1:]}.")
