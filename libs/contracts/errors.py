"""What can be wrong with a message."""


class Malformed(Exception):
    """The input is not such a message, or the value has no form on the wire; it never will have."""
