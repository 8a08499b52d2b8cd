"""Rulebooks and messages to measure with: as large as wanted, the same in every run.

Words are made up by a seeded generator, so that how often they occur is known: a handful are taken
from the messages, rare ones, which hit about one message in fifty.
"""

import csv
import random
from collections import Counter
from itertools import islice

from tests.bench.figure import SHARED, Bench

HANZI = (
    "天地人你我他大小上下来去出入有无好坏多少早晚冷热高低远近山水火土木金石田目口手足心力风雨"
    "云电车船马牛羊鱼鸟花草竹书文字学生师友家国城乡门户衣食住行买卖钱货酒茶饭菜油盐米面红黄蓝白黑青绿"
)
SYLLABLES = [first + second for first in "bdfghklmnprstvz" for second in "aeiou"]
PATTERNS = (
    r"\b{0}\s*(?::|：)?\s*[0-9]{{5,12}}\b", r"(?:加|➕)\s*{0}\s*(?:v|微)\s*信",
    r"t\.me/{0}[a-z0-9_]{{3,20}}", r"\b(?:free|cheap)\s+{0}s?\b",
    r"{0}.{{0,12}}(?:包赚|稳赚|日结)", r"discord\.gg/{0}[a-z0-9]{{2,12}}",
)  # fmt: skip
CHINESE_SHARE = 0.3
COMMON_HITS = 0.02


def messages(bench: Bench, count: int) -> list[tuple[str, str]]:
    """Return ``(nick, text)`` pairs as they were said, three in ten of them in Chinese."""
    lines = list(bench.lines(count))
    path = SHARED / "cold" / "train.csv"
    if not path.exists():
        return lines
    with path.open(encoding="utf-8-sig", newline="") as file:
        chinese = [
            row["TEXT"] for row in islice(csv.DictReader(file), 20_000) if row["label"] == "0"
        ]
    rng = random.Random(7)
    return [
        (nick, chinese[number % len(chinese)]) if rng.random() < CHINESE_SHARE else (nick, text)
        for number, (nick, text) in enumerate(lines)
    ]


def words(count: int, texts: list[str]) -> list[str]:
    """Return words to look for, three in ten of them Chinese; a few occur in the texts."""
    rng = random.Random(11)
    seen = Counter(word for text in texts[:5_000] for word in set(text.lower().split()))
    wanted, hits = COMMON_HITS * min(len(texts), 5_000), 0
    found: dict[str, None] = {}
    for word, times in sorted(seen.items(), key=lambda pair: (pair[1], pair[0]))[::97]:
        if hits < wanted and times < 20 and word.isascii() and word.isalpha():
            found[word] = None
            hits += times
    while len(found) < count:
        if rng.random() < CHINESE_SHARE:
            found["".join(rng.choices(HANZI, k=rng.randint(3, 5)))] = None
        else:
            found["".join(rng.choices(SYLLABLES, k=rng.randint(3, 5)))] = None
    return list(found)


def full_book(texts: list[str], *, count: int = 10_000) -> str:
    """Return a rulebook of 50 rules, 10,000 words, 60 patterns and windows of several spans."""
    rng = random.Random(13)
    known = words(count, texts)
    size = len(known) // 20
    rules = []
    lists = []
    for number in range(20):
        members = ", ".join(f'"{word}"' for word in known[number * size : (number + 1) * size])
        lists.append(f"  words-{number}: {{words: [{members}]}}")
        rules.append((f"words-{number}", f"{{words: list:words-{number}}}", "delete"))
    for number in range(10):
        chosen = [
            rng.choice(PATTERNS).format("".join(rng.choices(SYLLABLES, k=2))) for _ in range(6)
        ]
        members = ", ".join(f"'{pattern}'" for pattern in chosen)
        rules.append((f"pattern-{number}", f"{{pattern: [{members}]}}", "delete"))
    for limit, span in ((40, "30s"), (60, "5m"), (300, "1h")):
        rules.append(
            (f"flood-{span}", f"{{flood: {{messages: {limit}, within: {span}}}}}", "notice")
        )
    for limit, span in ((120, "30s"), (400, "5m")):
        rules.append((f"lines-{span}", f"{{flood: {{lines: {limit}, within: {span}}}}}", "notice"))
    for number in range(5):
        rules.append((f"long-{number}", f"{{max_length: {2_000 + number * 100}}}", "notice"))
        rules.append(
            (
                f"shout-{number}",
                f"{{expr: 'text_len > {1_000 + number} && caps > 0.9{number}'}}",
                "notice",
            )
        )
    rules += [
        ("cold", "{cold_link: 2}", "notice"),
        ("hosts", "{link: [evil.example, bad.example]}", "delete"),
        ("power", "{all: [{power: 10}, {max_length: 60000}]}", "notice"),
        ("role", "{all: [{role: guest}, {link: any}]}", "delete"),
        ("member", '{member: ["@evil:example.org"]}', "delete"),
    ]
    return book(rules, lists="\n".join(lists))


def book(rules: list[tuple[str, str, str]], *, lists: str = "") -> str:
    """Return the text of a rulebook."""
    head = ["name: bench", "language: en", "budget_us: 100000", "rules:"]
    if lists:
        head.insert(-1, f"lists:\n{lists}")
    body = [
        f"  - {{id: {name}, why: so, when: {when}, then: {then}}}" for name, when, then in rules
    ]
    return "\n".join([*head, *body, ""])


def many_rules(count: int, texts: list[str]) -> str:
    """Return a rulebook of so many rules: words, lengths, roles, shares and powers, combined."""
    rng = random.Random(17)
    known = words(max(count // 3, 20), texts)
    rules = []
    for number in range(count):
        word = known[number % len(known)] + ("" if number < len(known) else f" {number}")
        length, power = rng.randint(300, 900), rng.randint(1, 99)
        when = (
            f'{{words: "{word}"}}',
            f"{{all: [{{max_length: {length * 60}}}, {{role: r{number}}}]}}",
            f"{{expr: 'text_len > {length} && caps > 0.9 && author.power > {power}'}}",
            f'{{all: [{{words: "{word}"}}, {{max_length: {length // 5}}}]}}',
            f"{{all: [{{link: any}}, {{cold_link: {power % 5 + 1}}}, {{power: {power}}}]}}",
            f'{{member: ["@m{number}:example.org"]}}',
        )[number % 6]
        rules.append((f"r-{number}", when, "notice"))
    return book(rules)
