"""What stops a service and needs no traceback, because the text says it all."""


class Explained(Exception):
    """A failure whose text is one sentence an operator can act on."""
