"""How laws are tried: no deadline for one example, since machines are noisy."""

from hypothesis import settings

settings.register_profile("reeve", deadline=None, print_blob=True)
settings.load_profile("reeve")
