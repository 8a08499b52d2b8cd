"""Everything that can go wrong at a platform, sorted by what the caller should do.

PlatformError
├── Transient        try the same request again later; carries how long to wait
│   ├── Throttled    and nothing else on this connection before that either
│   └── Unreachable  nothing was answered at all; says nothing about the request
│       └── ShutOut  our credentials are not accepted any more; somebody has to give us others
├── Refused          never try again; carries what to tell the operator
│   └── Gone         the target no longer exists, so there is nothing left to do
└── NotLetIn         the credentials are not accepted; say so, and wait for others
"""

from chassis.errors import Explained


class PlatformError(Exception):
    """A platform did not do what was asked."""


class Transient(PlatformError):
    """The platform may accept the same request later; ``retry_after_s`` 0 leaves it to us when."""

    def __init__(self, reason: str, *, retry_after_s: float = 0.0) -> None:
        super().__init__(reason)
        self.retry_after_s = retry_after_s


class Throttled(Transient):
    """The platform wants nothing from this connection for ``retry_after_s``."""


class Unreachable(Transient):
    """The platform gave no answer, or one that came from something in front of it."""


class ShutOut(Unreachable):
    """The platform took our credentials back while we ran; the text says what to do.

    Ending would help nobody: whoever starts us again has the same credentials.
    """


class Refused(PlatformError):
    """The platform will not do this; ``code`` is its own word for why."""

    def __init__(self, code: str, reason: str) -> None:
        super().__init__(f"{code}: {reason}")
        self.code = code


class Gone(Refused):
    """What the request is about does not exist, or does not any more."""


class NotLetIn(PlatformError, Explained):
    """The platform does not accept our credentials."""
