"""Hostile input: only the named error, and twice the input is at most about twice the work.

Work is counted, not timed: every call, of Python and of C, that the input brings about. What one
call costs is not seen, so the longest text that is examined is looked at too; what hangs is ended.
"""

import sys

import pytest

from contracts.codec import Malformed, decode, view_event
from contracts.values import DecisionBatch, Event
from policy.core.automaton import Automaton, Term
from policy.core.expr.syntax import Refused, tree_of
from policy.core.links import links
from policy.core.rulebook import InvalidRulebook, parse
from policy.core.surfaces import unformatted
from policy.core.text.fold import EXAMINED_MAX
from policy.core.text.look import Look
from policy.core.text.substance import substance

TERMS = ["idiot", "free coins", "赌博", "免费领取", "加微信", "казино", "135", "ass", "🆓", "西安"]
AUTOMATONS = [
    Automaton([*(Term(term, "words", reach) for term in TERMS), Term("idi[aeo]t+", "patterns")])
    for reach in ("normal", "loose", "strict")
]
TEXTS = {
    "words that nearly are the term": "idiots é",
    "look-alikes": "idiоts ",
    "leetspeak": "1diot$ é",
    "spaced letters": "i d i o t s é ",
    "sounds": "先安 xi anan é",
    "Chinese set apart": "免 费，领。",
    "combining marks": "a" + "\u0301" * 20,
    "zalgo": "i\u0301\u0302d\u0303i\u0304\u0305o",
    "Hangul letters": "\u1100\u1161\u11a8",
    "joined emoji": "👩\u200d",
    "overrides": "\u202eab\u202c",
    "overrides without an end": "\u202e",
    "tags": "<b>i</b>d",
    "open tags": "<a",
    "entities": "&#101;",
    "open links": "[a](",
    "emphasis": "*a*_b_~~",
    "spoilers": "||a||",
    "emoji": "🆓❤",
    "number words": "one three 五 é",
    "NUL": "\x00a",
    "one letter": "a",
    "one character": "赌",
    "look-alikes of another script": "卂乇匚ᐁ",
    "addresses": "https://a.b/c ",
    "dots": "a.b-c_d.",
    "a letter a line": "赌\n博\n",
    "components": "贝者",
    "quotations": "> a\n",
    "white space": " \t\u3000",
    "foreign hosts": "http://例え.jp ",
    "mentions": "@a:b ",
    "lone surrogates": "\ud83da",
    "replies": "<mx-reply>",
    "attributes": "href='a' ",
}


def work(act):
    """Return how many calls ``act`` brings about."""
    calls = 0

    def count(_frame, event, _argument):
        nonlocal calls
        calls += event in ("call", "c_call")

    before = sys.getprofile()
    sys.setprofile(count)
    try:
        act()
    finally:
        sys.setprofile(before)
    return calls


def is_linear(act, once, twice):
    act(twice)  # what is kept of single characters is kept from here on
    act(once)
    return work(lambda: act(twice)) <= 2.3 * work(lambda: act(once)) + 300


def look_at(text):
    for automaton in AUTOMATONS:
        look = Look(text)
        automaton.scan(look)
    links(look, formatted=text)
    substance(unformatted(text))


every_text = pytest.mark.parametrize("piece", TEXTS.values(), ids=TEXTS)


@every_text
def test_a_text_twice_as_long_is_twice_the_work(piece):
    once = piece * (2_000 // len(piece))

    assert is_linear(look_at, once, once * 2)


@every_text
def test_the_longest_text_that_is_examined_is_looked_at(piece):
    look_at(piece * (EXAMINED_MAX // len(piece)))


def refused(text):
    """Return the faults of what is no rulebook; the only error there is."""
    with pytest.raises(InvalidRulebook) as told:
        parse(text)
    assert all(fault.reason and fault.line >= 1 for fault in told.value.faults)
    return told.value.faults


HEAD = "name: n\nlanguage: en\n"
RULE = "rules: [{id: a, why: b, when: {%s}, then: warn}]"
BOMB = "".join(f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 9)}]\n" for n in range(1, 9))
ODD = ["\ud800", "\x00", "\u202e", "\u0301" * 50, "i\u0301\u0302", "\u1100\u1161", "👩\u200d", "9"]
BOOKS = {
    "open lists": "[",
    "open mappings": "{",
    "open quotes": '"',
    "keys of keys": "a: ",
    "items of items": "- ",
    "questions": "? ",
    "anchors": "&a ",
    "references": "*a ",
    "tags": "!!python/object ",
    "documents": "---\n",
    "directives": "%YAML 1.1\n",
    "merges": "<<: ",
    "folded texts": "a: >\n",
    "line ends": "\r\n\u2028\x85",
    "tabs": "\t",
}


@pytest.mark.parametrize("piece", BOOKS.values(), ids=BOOKS)
def test_a_rulebook_of_one_thing_is_refused_in_time_with_its_length(piece):
    once = piece * (4_000 // len(piece))

    assert is_linear(refused, once, once * 2)
    refused(piece * (400_000 // len(piece)))


HOSTILE = {
    "a bomb of references": f"a0: &a0 [x, x]\n{BOMB}",
    "a plain key of a megabyte": f"{HEAD}? {'k' * 1_000_000}\n: 1\n",
    "a quoted key of a megabyte": f'{HEAD}"{"k" * 1_000_000}": 1\n',
    "a list without an end": HEAD + RULE % "all: [",
    "a huge number": HEAD + RULE % ("power: " + "9" * 100_000),
    "a huge number in hex": HEAD + RULE % ("power: 0x" + "f" * 100_000),
    "a number far below": HEAD + RULE % ("power: -" + "9" * 5_000),
    "a long duration": HEAD + RULE % ("flood: {messages: 5, within: " + "9" * 5_000 + "s}"),
    "not not": HEAD + RULE % ("not: {" * 500 + "words: a" + "}" * 500),
    "any of all of any": HEAD + RULE % ("any: [{all: [{" * 300 + "words: a" + "}]}]" * 300),
    "a deep pattern": HEAD + RULE % ("pattern: '" + "(" * 400 + "a" + ")" * 400 + "'"),
    "a pattern that explodes": HEAD + RULE % ("pattern: '(a+)+" + "{1,1000}" * 40 + "'"),
    "a deep expression": HEAD + RULE % ("expr: '" + "(" * 900 + "'"),
    "parameters of themselves": HEAD + "parameters: {a: '${a}'}\n" + RULE % "words: '${b}'",
    **{f"keys of {odd!a}": HEAD + f"{odd * 100}: 1\n" for odd in ODD},
    **{f"conditions of {odd!a}": HEAD + RULE % f"'{odd * 100}': 1" for odd in ODD},
}


@pytest.mark.parametrize("text", HOSTILE.values(), ids=HOSTILE)
def test_a_hostile_rulebook_is_refused_by_name(text):
    assert refused(text)


@pytest.mark.parametrize("odd", ODD, ids=ascii)
def test_a_word_of_odd_characters_is_a_word_or_refused(odd):
    text = HEAD + RULE % f'words: "{odd * 100}"'
    told = None
    try:
        parse(text)
    except InvalidRulebook as found:
        told = found

    assert told is None or told.faults


EXPRESSIONS = [
    "(",
    "!",
    "-",
    "n + ",
    "a.",
    "[",
    "n ? n : ",
    "n && ",
    '"',
    "'a' + ",
    "1",
    "\u0301",
    "\ud800",
]


@pytest.mark.parametrize("piece", EXPRESSIONS, ids=ascii)
def test_a_hostile_expression_is_refused_in_time_with_its_length(piece):
    def read(text):
        told = None
        try:
            tree_of(text)
        except Refused as found:
            told = found
        assert told is None or (told.reason and 0 <= told.at <= len(text))

    once = piece * (400 // len(piece))
    assert is_linear(read, once, once * 2)
    read(piece * 100_000)


def varint(number):
    found = bytearray()
    while number > 0x7F:
        found.append(number & 0x7F | 0x80)
        number >>= 7
    return bytes([*found, number])


def nested(depth, tag):
    """Return a message within a message, so deep, in a field of this tag."""
    data = b""
    for _ in range(depth):
        data = varint(tag << 3 | 2) + varint(len(data)) + data
    return data


BYTES = {
    "a length beyond the end": b"\x0a\xff\xff\xff\xff\x0f",
    "a varint without an end": b"\x08" + b"\xff" * 1_000,
    "a group without an end": b"\x0b" * 10_000,
    "an end without a group": b"\x0c" * 10_000,
    "a field of number 0": b"\x00\x00",
    "a wire type that is none": b"\x0f\x0f",
    "no text": b"\x0a\x02\xff\xfe",
    "lone surrogates": b"\x0a\x03\xed\xa0\x80",
    "unknown fields": varint(15_000 << 3 | 2) + b"\x01a" * 1,
    "a million empty fields": b"\x0a\x00" * 500_000,
    **{f"messages in field {tag}": nested(3_000, tag) for tag in range(1, 40)},
}


@pytest.mark.parametrize("data", BYTES.values(), ids=BYTES)
@pytest.mark.parametrize("kind", [Event, DecisionBatch])
def test_hostile_bytes_are_a_message_or_malformed(data, kind):
    for read in (lambda: decode(kind, data), lambda: view_event(data).value()):
        told = None
        try:
            read()
        except Malformed as found:
            told = found

        assert told is None or str(told)
