"""The tool that lets a program sit an exam."""

from __future__ import annotations

import subprocess
import sys
from typing import Annotated

from mcp.server.mcpserver.exceptions import ToolError
from pydantic import Field

SPARE = 60.0
"""Time beside the program's own that an exam may take for each situation [s]."""


def exam(
    command: Annotated[list[str], Field(min_length=1)],
    only: list[str] | None = None,
    directory: str | None = None,
    timeout: Annotated[float, Field(gt=0, le=600)] = 30.0,
) -> str:
    """Run the user's program, unchanged, once in each situation (no consent, an expired token, a gap, …) and judge it.

    All situations take about a minute: name some in `only` where the caller waits no longer. `{date}` and
    `{yesterday}` in the command stand for the world's dates.

    Args:
        command: the program and its arguments.
        only: names of situations; an unknown one is answered with all names.
        directory: to run it in.
        timeout: for one situation [s].
    """
    words = [sys.executable, "-m", "mock_sma", "exam", "--timeout", f"{timeout:g}"]
    words += [word for name in only or () for word in ("--only", name)]
    try:
        done = subprocess.run(  # noqa: S603 - what the user's agent asks for
            [*words, "--", *command],
            cwd=directory,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            errors="replace",
            check=False,
            timeout=(timeout + SPARE) * (len(only) if only else 30),
        )
    except OSError as error:
        raise ToolError(f"the exam cannot begin in {directory}: {error.strerror}") from None
    except subprocess.TimeoutExpired:
        raise ToolError("the exam took too long and was ended; name fewer situations in only") from None
    if done.returncode not in (0, 1) or not done.stdout:
        raise ToolError(done.stderr.strip() or f"the exam ended with {done.returncode}")
    return done.stdout
