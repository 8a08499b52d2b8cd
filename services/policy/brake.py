"""The last look before an effect: who must never be acted on, and how much is too much.

Pure: what was counted before is given, what follows is returned. `store` counts in PostgreSQL, so
that a crash, a second process or a redelivery changes nothing.
"""

import shlex
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from fnmatch import fnmatchcase

from contracts.values import (
    Action,
    Actor,
    Ban,
    Decision,
    DeleteMessage,
    Kick,
    LedgerCommand,
    Mute,
    Unban,
    Unmute,
)
from policy.core.effects import OWN

MINUTE_MS = 60_000
# Relief must work when everything else is stopped; the ledger has limits of its own.
NEVER_HELD = (LedgerCommand, Unmute, Unban)
HARM = (DeleteMessage, Mute, Kick, Ban)


@dataclass(frozen=True, slots=True, kw_only=True, order=True)
class Window:
    """A minute of the judge's clock in which the sanctions of a rule, group or network count."""

    network: str
    scope: str
    name: str
    minute_ms: int

    def undo(self) -> dict[str, str | int]:
        """Return what takes back all that was done in it, as `PUT /v1/undos/{id}` wants it."""
        own = {self.scope: self.name} if self.scope != "network" else {}
        until_ms = self.minute_ms + MINUTE_MS
        return {"network": self.network, **own, "since_ms": self.minute_ms, "until_ms": until_ms}

    def command(self) -> str:
        """Return the command that shows what this would come to; with `--yes` it is done."""
        words = ["reeve", "undo", "--network", self.network]
        words += [f"--{self.scope}", self.name] if self.scope != "network" else []
        ends = (self.minute_ms, self.minute_ms + MINUTE_MS)
        since, until = (datetime.fromtimestamp(ms / 1000, tz=UTC).isoformat() for ms in ends)
        return shlex.join([*words, "--since", since, "--until", until])


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """Sanctions allowed per minute and scope; 0 means no limit."""

    rule: int = 60
    group: int = 120
    network: int = 600

    def of(self, scope: str) -> int:
        """Return the limit of ``"rule"``, ``"group"`` or ``"network"``."""
        return {"rule": self.rule, "group": self.group, "network": self.network}[scope]


@dataclass(frozen=True, slots=True, kw_only=True)
class Protection:
    """Whom no rule may touch, whatever it says; the bot itself always."""

    members: tuple[str, ...] = ()  # globs over member ids
    roles: frozenset[str] = field(default_factory=frozenset)
    power: int = 50

    def covers(self, actor: Actor | None) -> bool:
        """Return whether ``actor`` is out of reach; nobody in particular is not."""
        if actor is None:
            return False
        return (
            actor.is_self
            or actor.power >= self.power
            or not self.roles.isdisjoint(actor.roles)
            or any(fnmatchcase(actor.id, glob) for glob in self.members)
        )


def is_sanction(action: Action) -> bool:
    """Return whether a rule does something to somebody with this, telling them included.

    Answers to commands and announcements of the ledger follow from no rule of the rulebook, and
    everybody gets them, however many there are; relief is not a sanction.
    """
    if action.undoes or isinstance(action.body, NEVER_HELD):
        return False
    by_rule = action.rule not in {"", OWN}
    return by_rule or bool(action.case_id) or isinstance(action.body, HARM)


def windows(decision: Decision) -> tuple[Window, ...]:
    """Return where the sanctions of ``decision`` count; empty when it has none.

    A decision counts once however many actions carry it out: deleting a message and telling its
    author why is one sanction.
    """
    rules = {action.rule for action in decision.actions if is_sanction(action)}
    if not rules:
        return ()
    minute_ms = decision.at_ms - decision.at_ms % MINUTE_MS
    names = [("rule", rule) for rule in sorted(rules)]
    names += [("group", decision.group), ("network", decision.network)]
    return tuple(
        Window(network=decision.network, scope=scope, name=name, minute_ms=minute_ms)
        for scope, name in names
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """What the brake says to some decisions, and what the windows hold after them."""

    braked: frozenset[str]  # ids of decisions whose sanctions must not happen
    sanctions: Mapping[Window, int]
    tripped: frozenset[Window]


def apply(decisions: Iterable[Decision], before: Mapping[Window, int], limits: Limits) -> Verdict:
    """Return which of ``decisions`` go beyond a limit, given what each window counted before.

    They are taken in order: those within the limits pass, the first beyond one pauses that rule,
    group or network for the rest of its minute. What is held back counts nowhere, so that a rule
    that runs away does not use up what its group and network allow to the others.
    """
    seen = dict(before)
    braked: set[str] = set()
    tripped: set[Window] = set()
    for decision in decisions:
        counted = windows(decision)
        full = [w for w in counted if 0 < limits.of(w.scope) <= seen.get(w, 0)]
        if full:
            braked.add(decision.id)
            tripped.update(full)
            continue
        for window in counted:
            seen[window] = seen.get(window, 0) + 1
    return Verdict(braked=frozenset(braked), sanctions=seen, tripped=frozenset(tripped))
