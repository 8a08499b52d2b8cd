"""What can go wrong on the command line.

Unusable    what is needed is not there, or does not work: exit 1
└── Misuse  the command was called wrongly: exit 2
"""


class Unusable(Exception):
    """Something the stack needs cannot be used here.

    The text is one sentence that an operator can act on.
    """


class Misuse(Unusable):
    """What was asked for makes no sense, whatever the state of the stack."""
