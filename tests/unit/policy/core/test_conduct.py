"""What is bounded, refused or said otherwise in reviews, appeals, floors and expectations."""

import pytest

from contracts.values import Announce, Outcome, Reviewed, RulebookAdopted, Transferred
from policy.core import floor
from policy.core.acts import review
from policy.core.rulebook import InvalidRulebook, parse
from tests.unit.policy.core.room import GROUP, Room, compiled_once

HEAD = "name: n\nlanguage: en\n"
HOUR_MS = 3_600_000
LADDER = "ladder: {steps: [{at: 1, do: notice}]}\n"


def book(*rules, head=HEAD):
    lines = [
        f"  - {{id: r{number}, why: Because, when: {{words: {word}}}, then: {then}}}"
        for number, (word, then) in enumerate(rules)
    ]
    return head + "rules:\n" + "\n".join(lines)


def reasons(then, head=HEAD):
    with pytest.raises(InvalidRulebook) as refused:
        parse(book(("apple", then), head=head))
    return [f"{fault.path}: {fault.reason}" for fault in refused.value.faults]


MANY = ", ".join(["{thanks: any}"] * 17)


@pytest.mark.parametrize(
    ("then", "reason"),
    [
        ("{expects: {within: 1m, otherwise: warn}}", "expects: nothing is expected here"),
        ("{expects: {thanks: any, otherwise: warn}}", 'expects: "within" is missing'),
        (
            f"{{expects: {{any_of: [{MANY}], within: 1m, otherwise: warn}}}}",
            "expects: more than 16 things are expected at once",
        ),
        (
            "{expects: {thanks: any, within: 1m, otherwise: {expects: {thanks: any, within: 1m}}}}",
            'expects.otherwise.expects: "otherwise" is missing',
        ),
        ("{expects: {says: {}, within: 1m, otherwise: warn}}", "expects.says: nothing is expected"),
        (
            "{expects: {says: {when: {wrods: a}}, within: 1m, otherwise: warn}}",
            'expects.says.when: no such key: "wrods"',
        ),
        (
            "{expects: {any_of: [{}], within: 1m, otherwise: warn}}",
            "any_of[0]: nothing is expected",
        ),
        ("{expects: {packet: {amount: 5}, within: 1m, otherwise: warn}}", '"shares" is missing'),
        (
            "{expects: {packet: {amount: 5, shares: 9}, within: 1m, otherwise: warn}}",
            "5 cannot be split into 9 shares",
        ),
        (
            "{expects: {packet: {amount: 5, shares: 1, per_member: x}, within: 1m}}",
            '"x" is not a whole number',
        ),
        ("{expects: {payment: {asset: CNY}, within: 1m, otherwise: warn}}", '"amount" is missing'),
        ("{hold: {then: allow}}", 'hold: "for" is missing'),
        ("{hold: {for: 1h, persons: 3}}", "hold.persons: 3 is not between 1 and 2"),
        ("{inviter: {points: 1}}", "inviter: points lead nowhere without a ladder"),
        ("{inviter: {within: 1d}}", "inviter: nothing follows for the inviter"),
        ("{inviter: {same: 'true', most: 0}}", "inviter.most: 0 is not between 1 and 100"),
        ("{points: {kind: ads}}", 'points: "n" is missing'),
    ],
)
def test_what_cannot_be_meant_is_refused(then, reason):
    assert any(reason in found for found in reasons(then)), reasons(then)


def test_points_of_a_kind_without_a_ladder_suggest_the_ladders_there_are():
    head = f"{HEAD}ladders: {{ads: {{steps: [{{at: 1, do: warn}}]}}}}\n"

    with pytest.raises(InvalidRulebook, match="ads") as refused:
        parse(book(("apple", "{points: {n: 1, kind: add}}"), head=head))

    assert "did you mean" in refused.value.faults[0].suggestion


@pytest.mark.parametrize("repeat", ["{add: 1}", "{add: 0, within: 1d}"])
def test_a_repeat_that_says_too_little_is_refused(repeat):
    with pytest.raises(InvalidRulebook, match=r"ladder\.repeat"):
        parse(
            f"{HEAD}ladder: {{repeat: {repeat}, steps: [{{at: 1, do: warn}}]}}\n"
            "rules: [{id: a, why: b, when: {words: c}, then: warn}]"
        )


def test_a_ladder_may_count_every_repetition():
    text = (
        f"{HEAD}ladder: {{repeat: {{add: 1, within: 1d}}, steps: [{{at: 9, do: warn}}]}}\n"
        "rules: [{id: a, why: b, when: {words: apple}, then: {points: 1}}]"
    )
    room = Room(text)

    assert [room.says("apple").strikes for _ in range(3)] == [1, 3, 6]


def test_what_is_removed_owes_and_waits_for_nothing():
    owes = "{owes_packet: {amount: 5, asset: points, shares: 1, within: 1m}}"
    rules = [("apple", "delete"), ("apple", "{hold: {for: 1h}}")]
    text = (
        book(*rules)
        + f"\n  - {{id: o, why: b, when: {{words: apple}}, then: {owes}, otherwise: warn}}"
    )
    decision = Room(text).says("apple")

    assert [type(action.body).__name__ for action in decision.actions] == ["DeleteMessage", "Reply"]
    assert decision.timers == ()


def test_two_rules_hold_a_message_once():
    decision = Room(book(("apple", "{hold: {for: 1h}}"), ("pie", "{hold: {for: 2h}}"))).says(
        "apple pie"
    )

    assert len(decision.timers) == 1


@pytest.mark.parametrize(("then", "deletes"), [("delete", True), ("allow", False)])
def test_a_full_queue_does_at_once_what_follows_in_the_end(monkeypatch, then, deletes):
    monkeypatch.setattr(review, "HELD_MAX", 1)
    room = Room(book(("apple", f"{{hold: {{for: 1h, view: left, then: {then}}}}}")))
    room.says("apple")

    second = room.says("apple", who="bob")

    kinds = [type(action.body).__name__ for action in second.actions]
    assert kinds == (["DeleteMessage"] if deletes else []) + ["Reply"]
    assert "Too many messages wait" in second.explanation
    assert second.timers == ()


def test_an_appeal_after_the_time_lifts_nothing_twice_and_forgotten_points_stay_forgotten():
    steps = "[{at: 1, do: mute, for: 1m}]"
    head = f"{HEAD}ladder: {{decay: {{points: 1, every: 1s}}, steps: {steps}}}\n"
    room = Room(book(("apple", "{points: 1}"), head=head))
    muted = room.says("apple")
    room.due(muted.timers[0], at_ms=60_000)
    room.says("hello apple", at_ms=90_000, who="bob")
    noted = room.commands("!appeal sorry", at_ms=100_000)
    room.state.room("town", GROUP).strikes.drop("@ann:example.org")

    upheld = room.reviews(0, "uphold", who="mod", at_ms=110_000)

    assert upheld.resolution.undone == ("mute",)
    assert upheld.cancelled_timers == (noted.timers[0].id,), "nobody is reminded any more"


def test_one_message_that_ends_twice_is_one_case():
    rule = (
        "{id: s, why: b, when: {words: sale}, then: {expects: {says: {letters: 3}, within: 1m, "
        "otherwise: warn, fulfilled: {points: 1}}}}"
    )
    other = "{id: r, why: b, when: {words: rude}, then: {points: 1}}"
    room = Room(f"{HEAD}{LADDER}rules: [{rule}, {other}]")
    room.says("sale")

    room.says("rude words")
    appealed = room.commands("!appeal sorry")
    upheld = room.reviews(1, "uphold", who="mod")

    assert appealed.resolution.state == "appealed"
    assert upheld.resolution.undone == ("points",)
    assert room.says("rude again").strikes == 1


def test_whoever_refused_does_not_decide_on_the_appeal():
    then = "{hold: {for: 1h, refused: {mute: 1m}}}"
    room = Room(book(("apple", then)))
    room.says("apple")
    refused = room.reviews(0, "refuse", reason="no", who="mod")
    assert refused.outcome is Outcome.MUTE
    room.appeals("ann", 1, "please")

    same = room.reviews(1, "uphold", who="mod")
    other = room.reviews(1, "uphold", who="moe")

    assert same is None
    assert other.resolution.state == "upheld"


def test_a_verdict_where_nobody_judges_comes_to_nothing():
    room = Room(book(("apple", "warn")), adopt=False)

    assert room.feed(Reviewed(case_id="c", verdict="approve")) is None


def test_so_many_channels_have_a_speaker(monkeypatch):
    monkeypatch.setattr(floor, "FLOORS_MAX", 0)
    room = Room(book(("apple", "warn")))

    (reply,) = room.commands("!floor @sue:example.org", power=50).actions

    assert "Too many channels" in reply.body.text


def test_thanks_are_not_a_fact_of_the_ledger():
    rule = (
        "{id: s, why: b, kinds: [share], when: {not: {words: never}}, "
        "then: {expects: {thanks: any, within: 1m, otherwise: warn}}}"
    )
    room = Room(f"{HEAD}rules: [{rule}]")
    room.taken("bob", 5, 3)
    paid = Transferred(source="member:@bob:example.org", destination="house", amount=1, asset="x")

    assert room.feed(paid, who="ledger") is None


def test_hosts_are_nudged_once_in_so_long():
    nudge = "{nudge: {say: Look here., every: 1h}}"
    room = Room(f"{HEAD}rules: [{{id: a, why: b, when: {{words: help}}, then: [delete, {nudge}]}}]")

    told = [room.says("help", at_ms=at_ms) for at_ms in (0, HOUR_MS - 1, HOUR_MS)]

    said = [
        [act.body.text for act in one.actions if isinstance(act.body, Announce)] for one in told
    ]
    assert said == [["Look here."], [], ["Look here."]]


def test_nobody_answers_for_whom_nobody_knows():
    then = "{inviter: {points: 1, within: 1h, vouchers: true}}"
    rule = f"{{id: a, why: b, kinds: [reaction], when: {{words: 💩}}, then: {then}}}"
    room = Room(f"{HEAD}ladder: {{steps: [{{at: 1, do: warn}}]}}\nrules: [{rule}]")

    unknown = room.reacts("eve", "💩", message="hello")
    room.joins("bob", by="ann")
    known = room.reacts("bob", "💩", message="hello")

    assert unknown.actions == ()
    assert "@ann:example.org" in {act.target.id for act in known.actions}


def test_what_is_expected_under_an_older_rulebook_is_read_under_that():
    def book(name, word):
        says = f"says: {{when: {{words: {word}}}}}, within: 10m, fulfilled: {{reply: Done.}}"
        rule = f"{{id: a, why: b, when: {{words: sale}}, then: {{expects: {{{says}}}}}}}"
        return f"name: {name}\nlanguage: en\nrules: [{rule}]"

    room = Room(book("old", "sorry"))
    room.says("sale")
    newer = compiled_once(book("new", "thanks"))
    room.books[newer.digest] = newer
    room.feed(RulebookAdopted(digest=newer.digest, groups=(GROUP,)))

    assert room.says("thanks") is None
    assert [act.body.text for act in room.says("sorry").actions] == ["Done."]
