"""The operator's command line and the local stack."""

import policy  # noqa: F401 -- first of all: its core is machine code as a whole, or not at all
