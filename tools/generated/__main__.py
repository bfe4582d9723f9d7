"""Write all generated files: ``make generated``. Those that are current stay untouched.

usage: python -m tools.generated [NAME…]   (paths, or their beginnings; all without one)

Read the difference before committing it: much of it is what users see.
"""

from __future__ import annotations

import sys

from tools.generated.files import all_files


def main(wanted: list[str]) -> int:
    """Write what is not current."""
    written = [
        file for file in all_files() if (not wanted or file.name.startswith(tuple(wanted))) and not file.is_current()
    ]
    for file in written:
        file.write()
        sys.stdout.write(f"wrote {file.name}\n")
    if not written:
        sys.stdout.write("all generated files are current\n")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
