"""Links in a text and the canonical form of their hosts. Nothing is fetched or resolved.

A link is what a chat client would make clickable: an address with a scheme, `www.`, or a bare host
with a common ending. Every host-shaped word, clickable or not, is a host that a list may name.
"""

import html
import re
import unicodedata
from dataclasses import dataclass
from urllib.parse import unquote

from policy.core.text import Look

LINKS_MAX = 256
HOST_MAX = 253

# The dots of IDNA (RFC 3490 §3.1) that folding leaves; U+FF0E and U+FF61 fold to these two.
_STOP = "\u3002"
_END = rf"\s<>\"'，、{_STOP}"
# Bounded pieces, nothing optional next to its like: linear on any text.
_WITH_SCHEME = re.compile(
    rf"(?:https?|ftp)://(?:[a-z0-9-]{{1,63}}(?:{_STOP}[a-z0-9-]{{1,63}}){{1,8}}(?:[/:?#][^{_END}]*)?"
    rf"|[^{_END}]++)"
)
_HOST = re.compile(
    rf"(?<![a-z0-9@.-])(?:[a-z0-9-]{{1,63}}+[.{_STOP}]){{1,8}}[a-z][a-z0-9-]{{1,23}}+(?![a-z0-9@-])"
    rf"(?::[0-9]{{1,5}}+)?(?:/[^{_END}]*+)?"
)
_DOT_LETTER = re.compile(r"\.[a-z]")
_HREF = re.compile(r"""href\s{0,8}=\s{0,8}["']([^"'>]{1,2048})["']""", re.IGNORECASE)
_ENDINGS = frozenset(
    (
        *("ai", "app", "biz", "cc", "click", "cn", "co", "com", "de", "dev", "edu", "eu", "fr"),
        *("gg", "gl", "gov", "help", "im", "info", "io", "jp", "link", "live", "ly", "me", "mobi"),
        *("net", "online", "org", "pro", "ru", "shop", "site", "store", "tech", "tk", "to", "top"),
        *("tv", "uk", "us", "vip", "website", "work", "xyz", "zone"),
    )
)
_IPV4_MAX = 0xFFFFFFFF
_APART = re.compile(r"[\s:]")
_ID_MAX = 257
_NUMBER = re.compile(r"0x[0-9a-f]{1,8}|[0-9]{1,10}")


@dataclass(frozen=True, slots=True)
class Link:
    """One link: where in the original text, its canonical host, and whether it can be clicked.

    Links of the formatted form have no place in the text; `start` and `end` are 0.
    """

    start: int
    end: int
    host: str
    clickable: bool


def links(look: Look, formatted: str = "") -> tuple[Link, ...]:
    """Return the links of a text and of its formatted (HTML) form, at most `LINKS_MAX`."""
    folded = look.folded
    hinted = _hints_at_link(folded)
    if not (formatted or hinted):
        return ()
    found: list[Link] = []
    if hinted:
        taken_to = 0
        for match in _spans(folded):
            if match.start() < taken_to:
                continue
            taken_to = match.end()
            start, end = look.span(match.start(), match.end())
            host = canonical_host(look.original[start:end])
            if host:
                clickable = _clickable(match[0], host) and not _is_in_id(match)
                found.append(Link(start, end, host, clickable=clickable))
            if len(found) == LINKS_MAX:
                break
    for match in _HREF.finditer(formatted):
        host = canonical_host(html.unescape(match[1]))
        if host and len(found) < LINKS_MAX:
            found.append(Link(0, 0, host, clickable=True))
    return tuple(found)


def _hints_at_link(folded: str) -> bool:
    if "://" in folded or _STOP in folded:
        return True
    return "." in folded and _DOT_LETTER.search(folded) is not None


def _spans(folded: str) -> "list[re.Match[str]]":
    spans = [*_WITH_SCHEME.finditer(folded)] if "://" in folded else []
    spans += _HOST.finditer(folded)
    return sorted(spans, key=lambda match: (match.start(), -match.end()))


def _clickable(written: str, host: str) -> bool:
    if "://" in written or written.startswith("www."):
        return True
    return host.rpartition(".")[2] in _ENDINGS or "/" in written


def _is_in_id(match: re.Match[str]) -> bool:
    # The server in an id of Matrix, @name:host or #room:host, is no link.
    before = match.string[max(0, match.start() - _ID_MAX) : match.start()]
    if not before.endswith(":"):
        return False
    name = _APART.split(before[:-1])[-1]
    return "@" in name or "#" in name


def canonical_host(address: str) -> str:
    """Return the host of an address as a resolver would know it, or "" where there is none.

    Percent-escapes, user names, ports, trailing dots, look-alike dots and backslashes are undone,
    accents kept; names outside ASCII become punycode (RFC 3492), numbers the IPv4 address they are.
    Words that follow the ending without a space are left out.
    """
    seen = address.strip()
    if "%" in seen:
        seen = unquote(seen, errors="replace")
    seen = seen.replace("\\", "/")
    if not seen.isascii():
        seen = _visible(seen).replace(_STOP, ".")
    scheme, separator, rest = seen.partition("://")
    authority = (rest if separator else scheme).lstrip("/")
    for end in "/?#":
        authority = authority.partition(end)[0]
    host = authority.rpartition("@")[2].partition(":")[0].strip(".").lower()
    if len(host) > HOST_MAX:
        return ""
    *labels, ending = host.split(".")
    glued = _GLUED.match(ending)
    labels.append(glued[0] if glued else ending)
    canonical = _address(".".join(map(_label, labels)))
    named = canonical.replace(".", "").replace("-", "").isalnum() and ".." not in canonical
    return canonical if named and len(canonical) <= HOST_MAX else ""


_GLUED = re.compile(r"[a-z]{2,24}(?=[^\x00-\x7f])")


def _visible(text: str) -> str:
    # NFKC and case as in the fold, but accents stay: they make another host.
    composed = unicodedata.normalize("NFKC", text).casefold()
    return "".join(c for c in composed if unicodedata.category(c) not in ("Cf", "Cc", "Cs"))


def _label(label: str) -> str:
    if label.isascii():
        return label
    return "xn--" + label.encode("punycode").decode("ascii")


def _address(host: str) -> str:
    if not _NUMBER.fullmatch(host):
        return host
    number = int(host, 0) if host.startswith("0x") else int(host)
    if number > _IPV4_MAX:
        return host
    return ".".join(str(number >> shift & 255) for shift in (24, 16, 8, 0))


def parents(host: str) -> list[str]:
    """Return the host and every domain above it: `a.b.c` gives itself, `b.c` and `c`."""
    found = [host]
    while "." in host:
        host = host.partition(".")[2]
        found.append(host)
    return found
