"""``python -m reeve`` is the command ``reeve``."""

import sys

from reeve.cli import main

sys.exit(main())
