"""``python -m epaper``."""

import sys

from epaper.cli import main

if __name__ == "__main__":
    sys.exit(main())
