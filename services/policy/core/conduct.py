"""What is remembered of how members conduct themselves: what is expected of whom, and since when.

Part of the judge's memory: bounded, in event time, and its bytes do not depend on how it grew.
"""

import msgspec

from policy.core.windows import Generations

EXPECTATIONS_MAX = 1_000
HELD_MAX = 500
FILES_MAX = 4  # of one message that waits
FILE_NAME_MAX = 200
HANDLE_MAX = 300
FILED_MAX = 2_000  # members, in each of two generations
FILED_EACH_MAX = 20
ACTS_MAX = 32
FILED_KEPT_MS = 30 * 86_400_000
FLOORS_MAX = 100
QUESTIONS_MAX = 50
SPEAKERS_MAX = 20
SAID_MAX = 200
LIABLE_MAX = 100
NUDGED_MAX = 1_000
PERMITS_MAX = 1_000  # members, in each of two generations
PERMITS_EACH_MAX = 5
PERMITS_KEPT_MS = 90 * 86_400_000


class Person(msgspec.Struct, array_like=True, gc=False):
    """Whom to address later, when only an id comes back, and where."""

    member: str
    name: str
    message_id: str
    channel: str
    thread: str
    connection: str
    seq: int


class Expectation(msgspec.Struct, array_like=True):
    """Something expected of a member; `due_ms` is when `otherwise` of the rule follows.

    `key` names it among all that its rulebook expects. `done` are the numbers of the leaves that
    have come, `known` what was counted on the way, as `leaf:id`. `amount` is what the packet, if it
    is one, has to have at least: it may depend on how many members there were.
    """

    timer: str
    event_id: str
    author: Person
    rule: str
    rulebook: str
    key: str
    due_ms: int
    case_id: str = ""
    amount: int = 0
    done: list[int] = []
    known: list[str] = []


class Expectations(msgspec.Struct, array_like=True):
    """All that is expected in one group, by timer, and the timers of each member."""

    open: dict[str, Expectation] = {}
    of: dict[str, list[str]] = {}

    def add(self, expectation: Expectation) -> None:
        """Remember one more."""
        self.open[expectation.timer] = expectation
        self.of.setdefault(expectation.author.member, []).append(expectation.timer)

    def drop(self, timer: str) -> Expectation | None:
        """Forget one and return it; None where there is no such."""
        found = self.open.pop(timer, None)
        if found is not None:
            timers = self.of[found.author.member]
            timers.remove(timer)
            if not timers:
                del self.of[found.author.member]
        return found

    def by_member(self, member: str) -> list[Expectation]:
        """Return what is expected of a member, in the order in which it was."""
        return [self.open[timer] for timer in self.of.get(member, ())]


class File(msgspec.Struct, array_like=True, gc=False):
    """A picture or another file of a message, by where the platform has it; never its bytes."""

    handle: str
    name: str
    media_type: str
    size_bytes: int


class Held(msgspec.Struct, array_like=True):
    """A message that waits for a person: `text` and `files` will be published.

    `hidden` says that it is away now.
    `key` names the consequence in its rulebook that held it; `approvals` are who agreed so far;
    `reminder` is the timer by which the staff is reminded, "" where it has rung or there is none.
    """

    timer: str
    case_id: str
    event_id: str
    author: Person
    rule: str
    rulebook: str
    key: str
    text: str
    hidden: bool
    due_ms: int
    approvals: list[str] = []
    reminder: str = ""
    files: list[File] = []


class Act(msgspec.Struct, array_like=True, gc=False):
    """One thing done in a case: an action, by its id, or a change of what is remembered.

    `name` says of what (a role, setting, label or timer), `before` and `after` how it stood.
    """

    kind: str
    rule: str
    action: str = ""
    member: str = ""
    name: str = ""
    before: str = ""
    after: str = ""


class Filed(msgspec.Struct, array_like=True):
    """What was done to somebody in one case, so that it can be taken back.

    `by` is who decided, where it was a person. `appeal` is "", "open", "upheld", "rejected", or
    "undone" where nobody had to ask; while it is open, `timer` is when the staff is reminded, who
    was `reminded` so often. The points of the case are with the member's strikes.
    """

    case_id: str
    author: Person
    rule: str
    rulebook: str
    at_ms: int
    acts: list[Act] = []
    by: str = ""
    appeal: str = ""
    timer: str = ""
    reminded: int = 0


class Question(msgspec.Struct, array_like=True):
    """What somebody asked while another had the floor."""

    name: str
    text: str


class Said(msgspec.Struct, array_like=True, gc=False):
    """What somebody said who had the floor: the beginning, and where the whole of it is."""

    message_id: str
    text: str


class Floor(msgspec.Struct, array_like=True):
    """Who has the floor in one channel, until when, given by whom, and what was asked meanwhile.

    `said` is what the speakers said; of questions and sayings beyond the caps there are so many
    `more` and `unsaid`. It is kept when it is over, so that the words can be read alone.
    """

    timer: str
    host: Person
    speakers: list[str]
    names: list[str]
    until_ms: int
    event_id: str
    questions: list[Question] = []
    more: int = 0
    said: list[Said] = []
    unsaid: int = 0

    def is_held_by(self, member: str, name: str) -> bool:
        """Return whether somebody has the floor: by id, or as it was given, by name."""
        return member in self.speakers or name in self.speakers


class Permit(msgspec.Struct, array_like=True):
    """What a member may do `left` times more before `until_ms`, given by whom.

    `used` are the messages that it was used for: whoever edits them does not use it again.
    """

    thing: str
    left: int
    until_ms: int
    by: str
    used: list[str] = []


class Conduct(msgspec.Struct, array_like=True):
    """Of one group: what is held by case, cases by member, who has the floor by channel.

    `liable` are the times at which an inviter answered for a guest, `permits` what staff let
    whom do, `heard` the last floor of each channel that is over, `nudged` when each rule last
    called the hosts, `quiet` what changed about members without a case: nobody appeals against a
    label, but it can be taken back.
    """

    held: dict[str, Held] = {}
    filed: Generations[list[Filed]] = msgspec.field(
        default_factory=lambda: Generations(FILED_KEPT_MS, FILED_MAX)
    )
    floors: dict[str, Floor] = {}
    liable: Generations[list[int]] = msgspec.field(
        default_factory=lambda: Generations(0, FILED_MAX)
    )
    permits: Generations[list[Permit]] = msgspec.field(
        default_factory=lambda: Generations(PERMITS_KEPT_MS, PERMITS_MAX)
    )
    heard: dict[str, Floor] = {}
    nudged: dict[str, int] = {}
    quiet: Generations[list[Filed]] = msgspec.field(
        default_factory=lambda: Generations(FILED_KEPT_MS, FILED_MAX)
    )
