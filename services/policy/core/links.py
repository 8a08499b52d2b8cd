"""Links in a text and the canonical form of their hosts. Nothing is fetched or resolved.

A link is what a chat client would make clickable: an address with a scheme, `www.`, or a bare host
with a common ending. Every host-shaped word, clickable or not, is a host that a list may name.
"""

import html
import re
import unicodedata
from collections.abc import Container, Iterator
from dataclasses import dataclass
from functools import lru_cache
from typing import Final
from urllib.parse import unquote

from policy.core.text.look import Look
from policy.core.text.view import Edit, Rewritten, ordered

LINKS_MAX: Final = 256
HOST_MAX: Final = 253
REMEMBERED: Final = 4_096  # addresses, none of them longer than the next says; much is said again
REMEMBERED_MAX: Final = 96

# The dots of IDNA (RFC 3490 §3.1) that folding leaves; U+FF0E and U+FF61 fold to these two.
_STOP: Final = "\u3002"
_END: Final = rf"\s<>\"'，、{_STOP}"
# Bounded pieces, nothing optional next to its like: linear on any text.
_WITH_SCHEME: Final = re.compile(
    rf"(?:https?|ftp)://(?:[a-z0-9-]{{1,63}}(?:{_STOP}[a-z0-9-]{{1,63}}){{1,8}}(?:[/:?#][^{_END}]*)?"
    rf"|[^{_END}]++)"
)
_HOST: Final = re.compile(
    rf"(?<![a-z0-9@.-])(?:[a-z0-9-]{{1,63}}+[.{_STOP}]){{1,8}}[a-z][a-z0-9-]{{1,23}}+(?![a-z0-9@-])"
    rf"(?::[0-9]{{1,5}}+)?(?:/[^{_END}]*+)?"
)
_DOT_LETTER: Final = re.compile(r"\.[a-z]")
_HREF: Final = re.compile(
    r"""href\s{0,8}=\s{0,8}["']([^"'>]{1,2048})["'](?:[^<>]{0,200}>([^<>]{1,200})</a)?""",
    re.IGNORECASE,
)
_LABEL: Final = re.compile(r"\[([^\[\]\n]{1,200})\]\(<?([^\s()<>]{1,2048})")
_ADDRESS: Final = re.compile(
    r"(?:https?://)?(?:[a-z0-9-]{1,63}\.){1,8}[a-z][a-z0-9-]{1,23}(?:[/?#]\S{0,200})?"
)
_USER: Final = re.compile(r"^[a-z]{1,8}://", re.IGNORECASE)
_CARRIED: Final = re.compile(r"https?:/{1,3}([a-z0-9.@:%-]{4,253})", re.IGNORECASE)
_ENDINGS: Final = frozenset(
    (
        *("ai", "app", "biz", "cc", "click", "cn", "co", "com", "de", "dev", "edu", "eu", "fr"),
        *("gg", "gl", "gov", "help", "im", "info", "io", "jp", "link", "live", "ly", "me", "mobi"),
        *("net", "online", "org", "pro", "ru", "shop", "site", "store", "tech", "tk", "to", "top"),
        *("tv", "uk", "us", "vip", "website", "work", "xyz", "zone"),
    )
)
# evil[.]tld, evil (dot) tld, evil dot com, evil点tld: no client follows these, and readers can.
_SPELLED_DOT: Final = re.compile(
    r"(?<=[a-z0-9])(?:\s?[\[({]\s?(?:\.|dot|点)\s?[\])}]\s?|\s?点\s?(?=[a-z])"
    rf"|\sdot\s(?=(?:{'|'.join(sorted(_ENDINGS))})\b))(?=[a-z0-9])"
)
_HXXP: Final = re.compile(r"\b(h(?:xx|\*\*|tx|xt)p)(?=s?://)")
_BYTE_MAX: Final = 255
_APART: Final = re.compile(r"[\s:]")
_ID_MAX: Final = 257
_NUMBERS: Final = re.compile(
    r"(?:0x[0-9a-f]{1,8}|[0-9]{1,12})(?:\.(?:0x[0-9a-f]{1,8}|[0-9]{1,12})){0,3}"
)


@dataclass(frozen=True, slots=True)
class Link:
    """One link: where in the original text, its canonical host, and whether it can be clicked.

    Links of the formatted form have no place in the text; `start` and `end` are 0. `shown` is the
    host that a reader sees in its place, as a user name before it or as the link's label; "": none.
    """

    start: int
    end: int
    host: str
    clickable: bool
    shown: str = ""


def links(look: Look, formatted: str = "") -> tuple[Link, ...]:
    """Return the links of a text and of its formatted (HTML) form, at most `LINKS_MAX`."""
    folded = look.folded
    hinted = look.may_link and _hints_at_link(folded)
    if not (formatted or hinted):
        return ()
    found: list[Link] = []
    if hinted:
        found += _in_text(look)
        if "](" in folded:
            found += _labelled(look.original)
    for match in _HREF.finditer(formatted):
        host = canonical_host(html.unescape(match[1]))
        if host:
            shown = _host_in(html.unescape(match[2] or "").strip())
            found.append(Link(0, 0, host, clickable=True, shown=shown))
    return tuple(found[:LINKS_MAX])


def _in_text(look: Look) -> list[Link]:
    folded = look.folded
    found: list[Link] = []
    taken_to = number = 0
    for match in _spans(folded):
        if match.start() < taken_to:
            continue
        taken_to = match.end()
        start, end = look.span(match.start(), match.end())
        written = look.original[start:end]
        host = canonical_host(written)
        if host:
            clickable = _clickable(match[0], host) and not _is_in_id(match)
            shown = _host_in(_USER.sub("", written).rpartition("@")[0]) if "@" in written else ""
            found.append(Link(start, end, host, clickable=clickable, shown=shown))
            found += [
                Link(start, end, behind, clickable=False)
                for behind in map(canonical_host, _behind(written))
                if "." in behind
            ]
        number += 1
        if number == LINKS_MAX:
            break
    if _may_be_spelled(folded):
        found += _spelled(look)
    return found


def _behind(written: str) -> list[str]:
    """Return the addresses that an address carries: where a redirection leads."""
    own = len("https://")
    if "%" not in written and written.find(":", own) < 0:
        return []
    return [carried[1] for carried in _CARRIED.finditer(unquote(unquote(written)), own)]


def _spelled(look: Look) -> Iterator[Link]:
    """Yield the hosts whose dots or schemes are written so that no client makes them clickable."""
    folded = look.folded
    edits = [Edit(*dot.span(), ".", "markup") for dot in _SPELLED_DOT.finditer(folded)]
    edits += [Edit(*scheme.span(1), "http", "markup") for scheme in _HXXP.finditer(folded)]
    if not edits:
        return
    view = Rewritten(look, ordered(edits))
    taken_to = 0
    for match in _spans(view.text)[:LINKS_MAX]:
        if match.start() >= taken_to and view.within(*match.span()):
            taken_to = match.end()
            host = canonical_host(match[0])
            if "." in host:
                yield Link(*view.span(*match.span()), host, clickable=False)


def _labelled(text: str) -> Iterator[Link]:
    """Yield the links that stand behind a label which is an address itself."""
    for label in _LABEL.finditer(text):
        host, shown = canonical_host(label[2]), _host_in(label[1].strip())
        if host and shown:
            yield Link(*label.span(2), host, clickable=True, shown=shown)


def _host_in(shown: str) -> str:
    """Return the host that a text is; "" where it is anything else."""
    shown = shown.lower()
    return canonical_host(shown) if _ADDRESS.fullmatch(shown) else ""


def _hints_at_link(folded: str) -> bool:
    if "://" in folded or _STOP in folded or _may_be_spelled(folded):
        return True
    return "." in folded and _DOT_LETTER.search(folded) is not None


def _may_be_spelled(folded: str) -> bool:
    if "dot" in folded or "[." in folded or "(." in folded or "{." in folded:
        return True
    return "点" in folded or "hxxp" in folded or "h**p" in folded


def _spans(folded: str) -> "list[re.Match[str]]":
    spans = [*_WITH_SCHEME.finditer(folded)] if "://" in folded else []
    for start, end in _dotted(folded):
        spans += _HOST.finditer(folded, start, end)
    if len(spans) > 1:
        spans.sort(key=_in_order)
    return spans


def _in_order(match: re.Match[str]) -> tuple[int, int]:
    return match.start(), -match.end()


def _dotted(folded: str) -> list[tuple[int, int]]:
    """Return the words with a dot in them, apart by spaces: no host is anywhere else."""
    if _STOP in folded:
        return [(0, len(folded))]
    found: list[tuple[int, int]] = []
    end = 0
    while (dot := folded.find(".", end)) >= 0:
        start = folded.rfind(" ", end, dot) + 1 or end
        end = folded.find(" ", dot)
        if end < 0:
            end = len(folded)
        if _DOT_LETTER.search(folded, dot, end):
            found.append((start, end))
    return found


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
    return _remembered(address) if len(address) <= REMEMBERED_MAX else _canonical_host(address)


def _canonical_host(address: str) -> str:
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


_remembered = lru_cache(REMEMBERED)(_canonical_host)

_GLUED: Final = re.compile(r"[a-z]{2,24}(?=[^\x00-\x7f])")


def _visible(text: str) -> str:
    # NFKC and case as in the fold, but accents stay: they make another host.
    composed = unicodedata.normalize("NFKC", text).casefold()
    return "".join(c for c in composed if unicodedata.category(c) not in ("Cf", "Cc", "Cs"))


def _label(label: str) -> str:
    if label.isascii():
        return label
    return "xn--" + label.encode("punycode").decode("ascii")


def _address(host: str) -> str:
    """Return an IPv4 address in decimal, written as whatever numbers; other hosts as they are."""
    if not _NUMBERS.fullmatch(host):
        return host
    try:
        *first, last = (int(part, _base(part)) for part in host.split("."))
    except ValueError:
        return host
    if any(part > _BYTE_MAX for part in first) or last >= 1 << 8 * (4 - len(first)):
        return host
    number = sum(part << 8 * (3 - at) for at, part in enumerate(first)) + last
    return ".".join(str(number >> shift & _BYTE_MAX) for shift in (24, 16, 8, 0))


def _base(part: str) -> int:
    if part.startswith("0x"):
        return 16
    return 8 if part.startswith("0") and part != "0" else 10


def listed(link: Link, domains: Container[str]) -> str:
    """Return the host of a link or the nearest above it that is among `domains`; "" if none is."""
    for host in parents(link.host):
        if host in domains:
            return host
    return ""


def parents(host: str) -> list[str]:
    """Return the host and every domain above it: `a.b.c` gives itself, `b.c` and `c`."""
    found = [host]
    while "." in host:
        host = host.partition(".")[2]
        found.append(host)
    return found
