"""Everything that can go wrong on the bus, sorted by what the caller should do.

BusError
├── Fenced       somebody else wrote first; forget what was built on it and read again
├── Taken        the key is held by somebody else, or has changed since it was read
├── Deposed      another reader has taken over; stop reading, or start afresh
├── Unavailable  the server or what was asked for is not there; end and be restarted
├── Refused      the server denies us: wrong credentials or a missing right; tell the operator
└── TooLarge     the message will never fit; give it up
"""

from chassis.errors import Explained


class BusError(Explained):
    """The bus did not do what was asked."""


class Fenced(BusError):
    """The subject's last message is not the expected one; nothing was stored."""

    def __init__(self, subject: str, expected_seq: int) -> None:
        super().__init__(f"{subject} was written by somebody else after sequence {expected_seq}")
        self.subject = subject
        self.expected_seq = expected_seq


class Taken(BusError):
    """The key exists already, or its revision is not the expected one; nothing was stored."""

    def __init__(self, bucket: str, key: str) -> None:
        super().__init__(f"the key {key} of bucket {bucket} is held by somebody else")
        self.bucket = bucket
        self.key = key


class Deposed(BusError):
    """Another follower has taken over this consumer."""

    def __init__(self, stream: str, consumer: str) -> None:
        super().__init__(f"another reader has taken over {consumer} on {stream}")
        self.stream = stream
        self.consumer = consumer


class Unavailable(BusError):
    """The server, the stream or the consumer is not there, or not in time."""


class Refused(BusError):
    """The server does not accept our credentials, or does not allow us the subject."""


class TooLarge(BusError):
    """The message is larger than the server, or (``limit`` is ``None``) its stream, accepts."""

    def __init__(self, subject: str, size: int, limit: int | None) -> None:
        most = "what its stream accepts" if limit is None else f"the limit of {limit}"
        super().__init__(f"a message of {size} bytes to {subject} exceeds {most}")
        self.subject = subject
        self.size = size
        self.limit = limit
