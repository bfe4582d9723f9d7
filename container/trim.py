"""Take out of an environment what a running server never reads.

That is NumPy's tests, headers and build tools, type stubs, and what some wheels' libraries carry for debuggers:
uvloop's is 12 of its 13.6 MB. A slim base has no ``strip`` and needs none: a loader reads an ELF file by its program
headers alone, and what they name ends before the debug sections begin.

usage: trim.py ENVIRONMENT
"""

from __future__ import annotations

import shutil
import struct
import sys
from pathlib import Path

NUMPY = ("**/tests", "_core/include", "f2py", "distutils", "_core/lib", "_core/_simd.*.so", "_core/*_tests.*.so")
SUFFIXES = {".pyi", ".pyx", ".pxd", ".a", ".h", ".c"}
ELF64 = b"\x7fELF\x02\x01"
"""Begin of a 64-bit little-endian ELF file, as amd64 and arm64 have it."""

SEGMENTS = struct.Struct("<32xQQ6xHHHHH")
"""Of the ELF header: e_phoff, e_shoff, then e_phentsize, e_phnum, e_shentsize, e_shnum, e_shstrndx."""

SEGMENT = struct.Struct("<8xQ16xQ")
"""Of a program header: p_offset and p_filesz."""


def main() -> None:
    """Trim, and say what it brought."""
    (site,) = Path(sys.argv[1]).glob("lib/python3*/site-packages")
    before = size(site)
    for pattern in NUMPY:
        for item in list((site / "numpy").glob(pattern)):
            if item.is_dir():
                shutil.rmtree(item)
            else:
                item.unlink()
    for file in [item for item in site.rglob("*") if item.is_file()]:
        if file.suffix in SUFFIXES:
            file.unlink()
        elif ".so" in file.suffixes:
            strip(file)
    print(f"{site}: {before / 1e6:.1f} MB, now {size(site) / 1e6:.1f} MB")


def size(folder: Path) -> int:
    """Return the bytes of all files below a folder."""
    return sum(file.stat().st_size for file in folder.rglob("*") if file.is_file())


def strip(library: Path) -> None:
    """Cut a shared library off behind its last segment, sections and their table with it."""
    data = bytearray(library.read_bytes())
    if not data.startswith(ELF64):
        return
    offset, _, each, count, *_ = SEGMENTS.unpack_from(data)
    ends = [sum(SEGMENT.unpack_from(data, offset + each * index)) for index in range(count)]
    end = max(*ends, offset + each * count)
    struct.pack_into("<Q", data, 40, 0)  # e_shoff: no section table
    struct.pack_into("<HH", data, 60, 0, 0)  # e_shnum, e_shstrndx
    library.write_bytes(data[:end])


if __name__ == "__main__":
    main()
