"""How protobuf writes a message: tags, numbers and texts, each read where it stands.

Source: https://protobuf.dev/programming-guides/encoding. What our own codec never writes is not
read but refused, and whatever ends too early raises IndexError. It is compiled.
"""

from typing import Final

VARINT: Final = 0
LENGTH: Final = 2
_MORE: Final = 0x80
_VARINT_MAX: Final = 9  # bytes of a number that is neither negative nor too large


class Other(Exception):
    """The event holds something that is not read here."""


def tag_at(data: bytes, at: int) -> tuple[int, int]:
    """Return a tag of one byte or two, and where it ends."""
    tag = data[at]
    if tag < _MORE:
        return tag, at + 1
    more = data[at + 1]
    if not 0 < more < _MORE:
        raise Other
    return tag - _MORE | more << 7, at + 2


def number_at(data: bytes, at: int) -> tuple[int, int]:
    """Return a number, and where it ends."""
    value = data[at]
    if value < _MORE:
        return value, at + 1
    value -= _MORE
    for place in range(1, _VARINT_MAX):
        byte = data[at + place]
        if byte < _MORE:
            return value | byte << 7 * place, at + place + 1
        value |= (byte - _MORE) << 7 * place
    raise Other


def text_at(data: bytes, at: int, end: int) -> tuple[int, str, int]:
    """Return a text within what ends at `end`, with its tag, and where it ends."""
    tag = data[at]
    size, at = number_at(data, at + 1)
    stop = at + size
    if tag >= _MORE or tag & 7 != LENGTH or stop > end:
        raise Other
    return tag, data[at:stop].decode(), stop


def pass_over(data: bytes, at: int, stop: int) -> None:
    """See that there is text, which nobody asks for."""
    for place in range(at, stop):
        if data[place] >= _MORE:
            data[at:stop].decode()
            return
