"""``python -m policy judge | dispatch | check FILE``."""

import chassis.lean  # noqa: F401 - before all others, it says why
from policy.main import main

main()
