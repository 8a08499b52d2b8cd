"""What can go wrong with the local stack."""


class Unusable(Exception):
    """Something the stack needs cannot be used here.

    The text is one sentence that an operator can act on.
    """
