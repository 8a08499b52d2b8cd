"""What an example may stage before: facts of the ledger, reactions, and the tier of its author."""

import pytest

from policy.core.analysis.review import review
from policy.core.rulebook import read

BOOK = """\
name: staged
language: en
tiers: [{{name: newcomer}}, {{name: regular}}]
rules:
  - id: staged
    why: It is staged.
    kinds: [{kind}]
    when: {when}
    then: notice
    examples:
      match: [{match}]
      no_match: [{no_match}]
"""
PAYS = "{kind: payment, amount: 990, asset: CNY}"


def faults(match, no_match, when, kind="message"):
    text = BOOK.format(match=match, no_match=no_match, when=when, kind=kind)
    return [fault.told for fault in review(text, disguises={}).faults]


@pytest.mark.parametrize(
    ("match", "no_match", "when", "kind"),
    [
        (
            f"{{messages: [{PAYS}, hello]}}",
            "hello",
            "{paid: {at_least: 990, asset: CNY}, words: [hello]}",
            "message",
        ),
        (
            "{messages: [{kind: packet, amount: 500, shares: 5}, {kind: share, amount: 100}, bye]}",
            "{messages: [{kind: packet, amount: 500, shares: 5}, bye]}",
            "{took: 10m, words: [bye]}",
            "message",
        ),
        (
            "{messages: [a question, {kind: reaction, text: ⭐, times: 3}]}",
            "{messages: [a question, {kind: reaction, text: ⭐}]}",
            "{count: {of: reactions, within: 1h, at_least: 3}}",
            "reaction",
        ),
        (
            "{text: hello, author: {tier: regular}}",
            "hello",
            "{tier: regular, words: [hello]}",
            "message",
        ),
        (
            "{kind: packet, amount: 500, shares: 5}",
            "{kind: payment, amount: 500}",
            "{count: {of: packets, within: 1h, at_least: 1}}",
            "packet",
        ),
    ],
    ids=["payment", "share", "reaction", "tier", "packet"],
)
def test_what_went_before_is_seen_by_the_rule(match, no_match, when, kind):
    assert faults(match, no_match, when, kind) == []


def test_an_amount_belongs_to_money_alone():
    (told,) = faults("{text: hello, amount: 5}", "bye", "{words: [hello]}")

    assert told == (
        "rules[0].examples.match[0]: message has no amount; amounts are of packet, share, payment"
    )


def test_a_tier_that_is_not_there_is_a_fault_where_the_example_stands():
    text = BOOK.format(
        match="{text: hello, author: {tier: boss}}",
        no_match="bye",
        when="{words: [hello]}",
        kind="message",
    )

    (fault,) = read(text).faults

    assert (fault.line, fault.told) == (11, 'rules[0].examples.match[0]: no such tier: "boss"')
