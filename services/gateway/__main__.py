"""``python -m gateway ingest`` or ``python -m gateway enforce``."""

from gateway.main import main

main()
