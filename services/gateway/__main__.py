"""``python -m gateway ingest`` or ``python -m gateway enforce``."""

import chassis.lean  # noqa: F401 - before all others, it says why
from gateway.main import main

main()
