"""``python -m policy judge | dispatch | check FILE``."""

from policy.main import main

main()
