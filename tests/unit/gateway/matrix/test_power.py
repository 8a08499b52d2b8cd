import pytest

from gateway.platforms.matrix.power import INFINITE, Creation, creation, levels

ANN, BOB, EVE = "@ann:a.test", "@bob:a.test", "@eve:b.test"


def created(version, sender=ANN, **content):
    room = "!abc" if version == "12" else "!abc:a.test"
    return creation(room, {"sender": sender, "content": {"room_version": version, **content}})


@pytest.mark.parametrize("version", [str(number) for number in range(1, 11)])
def test_up_to_version_10_the_content_names_the_creator(version):
    made = created(version, sender=BOB, creator=ANN)

    assert made == Creation(version=int(version), creators=frozenset({ANN}))


def test_from_version_11_on_the_sender_is_the_creator():
    assert created("11", sender=BOB, creator=ANN).creators == {BOB}


def test_in_version_12_there_may_be_more_creators_and_all_are_above_every_level():
    made = created("12", additional_creators=[BOB, 7])

    power = levels({"users": {EVE: 100, BOB: 5}, "users_default": 1}, made)

    assert [power.of(user) for user in (ANN, BOB, EVE, "@x:y")] == [INFINITE, INFINITE, 100, 1]
    assert power.roles(ANN) == ("moderator", "admin", "creator")


@pytest.mark.parametrize("version", [str(number) for number in range(1, 12)])
def test_without_a_levels_event_the_creator_has_100_and_nothing_is_needed_to_set_state(version):
    power = levels(None, created(version, creator=ANN))

    assert (power.of(ANN), power.of(BOB)) == (100, 0)
    assert (power.state_default, power.ban, power.kick, power.redact) == (0, 50, 50, 50)


def test_a_version_12_room_without_a_levels_event_still_has_its_creators():
    power = levels(None, created("12"))

    assert (power.of(ANN), power.of(BOB)) == (INFINITE, 0)


def test_with_a_levels_event_what_it_does_not_say_has_the_defaults_of_the_specification():
    power = levels({}, created("11"))

    assert (power.of(ANN), power.state_default, power.events_default) == (0, 50, 0)
    assert (power.to_set("m.room.power_levels"), power.to_send("m.room.message")) == (50, 0)


@pytest.mark.parametrize(
    ("version", "level", "read"),
    [("9", "50", 50), ("9", " +7 ", 7), ("9", 50.0, 50), ("9", "high", 0), ("10", "50", 0)],
)
def test_levels_written_as_text_count_up_to_version_9(version, level, read):
    power = levels({"users": {BOB: level}}, created(version))

    assert power.of(BOB) == read


@pytest.mark.parametrize("content", [[], 3, {"users": []}, {"users": {BOB: True}}, {"ban": {}}])
def test_malformed_levels_read_as_their_defaults(content):
    power = levels(content, created("11"))

    assert (power.of(BOB), power.ban) == (0, 50)


@pytest.mark.parametrize("event", [None, [], {"content": 3}, {"content": {"room_version": {}}}])
def test_a_malformed_create_event_is_read_too(event):
    assert creation("!a:b", event).creators == frozenset()


def test_an_unstable_version_is_told_by_the_form_of_its_room_ids():
    unstable = {"sender": ANN, "content": {"room_version": "org.example.next"}}

    assert creation("!hash", unstable).version == 12
    assert creation("!name:a.test", unstable).version == 11


def test_a_level_that_does_not_fit_is_cut():
    power = levels({"users": {BOB: 10**30, EVE: -(10**30)}}, created("11"))

    assert (power.of(BOB), power.of(EVE)) == (INFINITE, -INFINITE)


def test_what_one_may_do_follows_from_the_levels():
    power = levels({"users": {ANN: 60, BOB: -1}, "ban": 70, "redact": 10}, created("11"))

    assert power.may(ANN) == ("delete", "mute", "kick")
    assert (power.roles(ANN), power.roles(BOB), power.roles(EVE)) == (
        ("moderator",),
        ("muted",),
        (),
    )
