"""``python -m mock_sma``."""

from __future__ import annotations

import sys

from mock_sma.cli import main

if __name__ == "__main__":
    sys.exit(main())
