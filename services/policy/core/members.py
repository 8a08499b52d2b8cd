"""What is known of the members of one group: who came when, by whom, and what they did since.

A record outlives leaving: whoever comes back has the same past. What Reeve has not seen is not
known, and no condition holds of it. All stamps are the judge's clock; 0 means never.
"""

import msgspec

from policy.core.called import Called
from policy.core.merits import MERITS_KEPT_MS, MERITS_MAX, Merits
from policy.core.windows import Generations

PEOPLE_MAX = 20_000  # in each of two generations
INVITERS_MAX = 4
ASSETS_MAX = 8
LABELS_MAX = 16
WAITING_MAX = 1_000
PRAISE_MAX = 10_000
PRAISE_KEPT_MS = 31 * 86_400_000
AUTHORS_MAX = 4_096  # messages whose author is known, for who praises them later
AUTHORS_KEPT_MS = 7 * 86_400_000
ROLES_MAX = 32
CERTAIN = 100
LIKELY = 50  # percent; an inviter less likely than this answers for nobody


class Bringer(msgspec.Struct, array_like=True, gc=False):
    """Who may have brought a member, how, and how likely that is in percent."""

    member: str
    percent: int
    via: str


class Profile(msgspec.Struct, array_like=True, gc=False):
    """How a member came and looks, as last seen. `avatar` is None where nobody told.

    `told_ms` is when the platform says they joined, `joined_ms` when Reeve saw it.
    """

    name: str = ""
    channel: str = ""
    power: int = 0
    roles: tuple[str, ...] = ()
    avatar: str | None = None
    account_ms: int = 0
    told_ms: int = 0
    joined_ms: int = 0
    joined_by: str = ""  # the id of the event
    present: bool = False
    gated: bool = False  # the platform's own gate has yet to open
    bringers: tuple[Bringer, ...] = ()
    joins: int = 0
    left_ms: int = 0
    left_how: str = ""


class Vouches(msgspec.Struct, array_like=True, gc=False):
    """Who vouch for a member, since when, and for whom that member vouches."""

    by: dict[str, int] = {}
    given: list[str] = []


class Standing(msgspec.Struct, array_like=True, gc=False):
    """What a community has made of a member: tier, number, labels, bars, accounts, charter."""

    tier: str = ""
    tier_ms: int = 0
    number: int = 0
    labels: dict[str, int] = {}  # by name: until when; 0: until taken away
    bars: dict[str, int] = {}  # likewise
    balances: dict[str, int] = {}  # by asset, as the ledger told
    paid: dict[str, int] = {}  # by asset, all that came in from this member
    paid_ms: int = 0
    accepted: str = ""  # the rulebook that was in force
    accepted_ms: int = 0
    pending: bool = False
    pended_by: str = ""  # the action that made them wait
    guests: int = 0  # whom they most likely brought
    took_ms: int = 0
    took: int = 0
    muted_ms: int = 0  # until when
    muted_again: str = ""  # the timer of the mute that met them when they came back
    banned_ms: int = 0  # until when
    struck_ms: int = 0  # when they were last warned or worse
    vouches: Vouches | None = None


class Member(msgspec.Struct, array_like=True, gc=False):
    """One member. `whole` says that all they said since they joined was counted."""

    messages: int = 0
    contributions: int = 0
    first_ms: int = 0
    last_ms: int = 0
    contributed_ms: int = 0
    whole: bool = False
    profile: Profile = msgspec.field(default_factory=Profile)
    standing: Standing | None = None

    @property
    def joined_ms(self) -> int:
        """When they joined, as far as anybody knows; 0: not known."""
        return self.profile.joined_ms or self.profile.told_ms

    def stand(self) -> Standing:
        """Return the standing, to be changed."""
        if self.standing is None:
            self.standing = Standing()
        return self.standing


class Members(msgspec.Struct, array_like=True):
    """All members of one group. `present` counts those known to be in it."""

    people: Generations[Member] = msgspec.field(default_factory=lambda: Generations(0, PEOPLE_MAX))
    counted_ms: int = 0  # since when contributions are counted; 0: nobody asks
    present: int = 0
    numbers: int = 0
    waiting: list[str] = []
    places: int = 0  # how many have a place, when somebody last had to wait for one
    shut_ms: int = 0  # until when nobody new comes in; 0: the door is open
    shut_by: str = ""  # the action that shut it
    shut_timer: str = ""  # what opens it
    praise: Generations[list[int]] = msgspec.field(
        default_factory=lambda: Generations(PRAISE_KEPT_MS, PRAISE_MAX)
    )
    authors: Generations[str] = msgspec.field(
        default_factory=lambda: Generations(AUTHORS_KEPT_MS, AUTHORS_MAX)
    )
    merits: Merits = msgspec.field(default_factory=lambda: Generations(MERITS_KEPT_MS, MERITS_MAX))
    called: Called | None = None  # None: nobody was named here yet

    @property
    def seated(self) -> int:
        """How many members have a place: those who wait for one have none."""
        return self.present - len(self.waiting)

    def find(self, member: str, now_ms: int) -> Member | None:
        """Return what is known of a member, and keep it."""
        people = self.people
        found = people.young.get(member)
        if found is None and (found := people.old.get(member)) is not None:
            del people.old[member]
            self._keep(member, found, now_ms)
        return found

    def known(self, member: str, now_ms: int) -> Member:
        """Return what is known of a member; a record is begun where there is none."""
        found = self.find(member, now_ms)
        if found is None:
            found = Member()
            self._keep(member, found, now_ms)
        return found

    def rename(self, member: str, record: Member, name: str) -> None:
        """Let a member be called otherwise."""
        if self.called is not None:
            self.called.drop(member, record.profile.name)
            self.called.add(member, name)
        record.profile.name = name

    def called_so(self, name: str) -> list[str]:
        """Return who is called by a plain name; while any of them is here, nobody else is meant.

        Who is called what is kept from the first time on that somebody is named: that looks at
        all, and in most groups it never happens.
        """
        young, old = self.people.young, self.people.old
        if self.called is None:
            self.called = Called()
            for kept in (young, old):
                for member, record in kept.items():
                    self.called.add(member, record.profile.name)
        every = self.called.so(name)
        here = [one for one in every if (young.get(one) or old[one]).profile.present]
        return here or list(every)

    def _keep(self, member: str, record: Member, now_ms: int) -> None:
        people = self.people
        if len(people.young) >= people.cap:
            # The old ones go now. Whoever of them comes again is counted again.
            for gone, forgotten in people.old.items():
                self.present -= forgotten.profile.present
                if self.called is not None:
                    self.called.drop(gone, forgotten.profile.name)
        people.put(member, record, now_ms)
