"""The ledger against a plain model of it, step by step, on a real PostgreSQL."""

import asyncio
import dataclasses
import itertools
from collections import defaultdict
from dataclasses import dataclass, field

import asyncpg
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule, run_state_machine_as_test

from contracts.values import SplitMode
from ledger.check import check
from ledger.core.books import Terms
from ledger.store.booking import PINNED, Store
from tests.integration.ledger.conftest import MIGRATIONS, PATIENT
from tests.ledger_books import SCENE, bound, capture, close, fund, hold, pay, release, send, take

HOUR_MS = 3_600_000
MEMBERS = ["ann", "bob", "cid", "dan"]
STOPPED_CLOCK = """
    CREATE TABLE ledger.hands (at timestamptz NOT NULL);
    INSERT INTO ledger.hands VALUES ('2026-01-01 00:00:00Z');
    GRANT SELECT, UPDATE ON ledger.hands TO ledger;
    CREATE OR REPLACE FUNCTION ledger.clock() RETURNS timestamptz LANGUAGE sql VOLATILE AS
        'SELECT at FROM ledger.hands';
"""
_networks = itertools.count()


@dataclass
class Sent:
    """What the model knows of a packet: how it is split is for the ledger to say."""

    id: str
    sender: str
    total: int
    shares: int
    mode: SplitMode
    expires_h: int
    takers: dict = field(default_factory=dict)
    closed: str = ""


@dataclass
class Held:
    """What the model knows of a hold."""

    id: str
    payer: str
    payee: str
    rest: int
    expires_h: int
    state: str = "open"


class Model:
    """The rules of the ledger, written down again without a thought for speed."""

    def __init__(self):
        self.balances = defaultdict(int)
        self.bounds = defaultdict(lambda: (0, 0, "open"))
        self.packets = []
        self.holds = []
        self.answers = {}
        self.hour = 0

    def expect(self, op, verdict):
        """Return the code that ``op`` has to get, and move the model on by what was booked."""
        name, key, *rest = op
        if key in self.answers:
            before, code = self.answers[key]
            return code if before == op else "key_reused"
        code = getattr(self, name)(verdict, *rest)
        self.answers[key] = (op, code)
        return code

    def fund(self, _, member, amount):
        return self.pay(_, "issuer", member, amount)

    def pay(self, _, payer, payee, amount):
        if amount <= 0:
            return "amount_not_positive"
        if payer == payee:
            return "same_account"
        return self._move(payer, payee, amount)

    def bound(self, _, member, floor, ceiling, state):
        if ceiling and ceiling < floor:
            return "bounds_invalid"
        balance, held = self.balances[member], self.held(member)
        if balance - held < floor or (ceiling and balance > ceiling):
            return "bounds_broken"
        if state == "closed" and (balance or held):
            return "bounds_broken"
        self.bounds[member] = floor, ceiling, state
        return ""

    def hold(self, verdict, payer, payee, amount):
        if amount <= 0:
            return "amount_not_positive"
        if payer == payee:
            return "same_account"
        if code := self._cannot_give(payer, amount):
            return code
        self.holds.append(Held(verdict.hold_id, payer, payee, amount, self.hour + 24))
        return ""

    def capture(self, _, number, amount, last):
        held = self.holds[number]
        if held.state != "open":
            return "hold_ended"
        if self.hour >= held.expires_h:
            return "hold_expired"
        amount = amount or held.rest
        if amount > held.rest:
            return "hold_exceeded"
        held.rest -= amount
        if code := self._move(held.payer, held.payee, amount):
            held.rest += amount
            return code
        if last or not held.rest:
            held.state, held.rest = "captured", 0
        return ""

    def release(self, _, number, why):
        held = self.holds[number]
        if held.state != "open":
            return "hold_ended"
        if why == "expired" and self.hour < held.expires_h:
            return "not_expired"
        held.state, held.rest = why, 0
        return ""

    def held(self, member):
        return sum(held.rest for held in self.holds if held.payer == member)

    def _cannot_give(self, payer, amount):
        floor, _, state = self.bounds[payer]
        if state != "open":
            return f"account_{state}"
        if payer != "issuer" and self.balances[payer] - self.held(payer) - amount < floor:
            return "insufficient_funds"
        return ""

    def _move(self, payer, payee, amount):
        if code := self._cannot_give(payer, amount):
            return code
        if code := self._cannot_take(payee, amount):
            return code
        self.balances[payer] -= amount
        self.balances[payee] += amount
        return ""

    def _cannot_take(self, payee, amount):
        _, ceiling, state = self.bounds[payee]
        if state == "closed":
            return "account_closed"
        return "ceiling_reached" if ceiling and self.balances[payee] + amount > ceiling else ""

    def send(self, verdict, sender, total, shares, mode):
        if total <= 0:
            return "amount_not_positive"
        if not 1 <= shares <= 10_000:
            return "shares_invalid"
        if total < shares:
            return "total_too_small"
        if code := self._move(sender, "packets", total):
            return code
        self.packets.append(Sent(verdict.packet_id, sender, total, shares, mode, self.hour + 24))
        return ""

    def take(self, verdict, member):
        living = [p for p in self.packets if not p.closed and self.hour < p.expires_h]
        for packet in reversed(living):
            if packet.sender != member and member not in packet.takers:
                return self._give(packet, member, verdict)
        if not self.packets:
            return "no_open_packet"
        packet = (living or self.packets)[-1]
        if member in packet.takers:
            return "already_taken"
        if packet.closed:
            return {"sold_out": "packet_sold_out", "expired": "packet_expired"}.get(
                packet.closed, "packet_closed"
            )
        return "own_packet" if self.hour < packet.expires_h else "packet_expired"

    def close(self, _, number, why):
        if number >= len(self.packets):
            return "packet_unknown"
        packet = self.packets[number]
        if packet.closed:
            return {"sold_out": "packet_sold_out", "expired": "packet_expired"}.get(
                packet.closed, "packet_closed"
            )
        if why == "expired" and self.hour < packet.expires_h:
            return "not_expired"
        if why == "recalled" and packet.takers:
            return "packet_started"
        packet.closed = why
        rest = packet.total - sum(packet.takers.values())
        payee = "suspense" if self._cannot_take(packet.sender, rest) else packet.sender
        self.balances[payee] += rest
        self.balances["packets"] -= rest
        return ""

    def _give(self, packet, member, verdict):
        amount = verdict.amount
        if self.bounds[member][2] == "frozen":
            return "account_frozen"
        if verdict.code == "ceiling_reached" and packet.mode is SplitMode.LUCKY:
            amount = packet.total  # how much it would have been, it does not say
        elif packet.mode is SplitMode.EQUAL:
            part, rest = divmod(packet.total, packet.shares)
            amount = part + (len(packet.takers) < rest)
        if code := self._cannot_take(member, amount or 1):
            return code
        assert amount == verdict.amount >= 1
        packet.takers[member] = amount
        self.balances[member] += amount
        self.balances["packets"] -= amount
        if len(packet.takers) == packet.shares:
            packet.closed = "sold_out"
            assert sum(packet.takers.values()) == packet.total
        return ""


keys = st.sampled_from([None, None, None, "x", "y", "z"])
members = st.sampled_from(MEMBERS)
amounts = st.integers(-1, 60)
operations = st.one_of(
    st.tuples(st.just("fund"), keys, members, st.integers(1, 90)),
    st.tuples(st.just("pay"), keys, members, members, amounts),
    st.tuples(
        st.just("send"), keys, members, amounts, st.integers(0, 4),
        st.sampled_from([SplitMode.EQUAL, SplitMode.LUCKY]),
    ),
    st.tuples(st.just("take"), keys, members),
    st.tuples(st.just("take"), keys, members),
    st.tuples(
        st.just("bound"), keys, members, st.integers(-20, 10), st.integers(0, 60),
        st.sampled_from(["open", "open", "open", "frozen", "closed"]),
    ),
    st.tuples(st.just("hold"), keys, members, members, amounts),
    st.tuples(
        st.just("capture"), keys, st.integers(0, 3), st.integers(0, 30), st.booleans()
    ),
    st.tuples(
        st.just("release"), keys, st.integers(0, 3), st.sampled_from(["released", "expired"])
    ),
    st.tuples(
        st.just("close"), keys, st.integers(0, 5),
        st.sampled_from(["recalled", "withdrawn", "expired"]),
    ),
)  # fmt: skip


class Ledger(RuleBasedStateMachine):
    """Does the same to the ledger and to the model, and compares."""

    runner = store = url = None

    def __init__(self):
        super().__init__()
        self.model = Model()
        self.scene = dataclasses.replace(SCENE, network=f"network{next(_networks)}")
        self.fresh = itertools.count()

    @rule(batch=st.lists(operations, min_size=1, max_size=8))
    def book(self, batch):
        named = [(name, key or f"fresh{next(self.fresh)}", *rest) for name, key, *rest in batch]
        # A packet can only be closed by its id, which is known once it was sent. So with holds.
        known = {"close": len(self.model.packets)}
        known["capture"] = known["release"] = len(self.model.holds)
        named = [op for op in named if op[0] not in known or op[2] < known[op[0]]]

        verdicts = self.runner.run(self.store.book([self.command(*op) for op in named])).verdicts

        for op, verdict in zip(named, verdicts, strict=True):
            assert verdict.code == self.model.expect(op, verdict), op

    @rule(hours=st.sampled_from([1, 12, 25]))
    def pass_time(self, hours):
        self.runner.run(self.store.pool.execute(
            "UPDATE hands SET at = at + make_interval(hours => $1)", hours
        ))  # fmt: skip
        self.model.hour += hours

    @invariant()
    def books_are_as_in_the_model(self):
        rows = self.runner.run(self.store.pool.fetch(
            "SELECT CASE kind WHEN 'packet' THEN 'packets' ELSE path END AS path,"
            " sum(balance)::bigint AS balance FROM account WHERE network = $1 GROUP BY 1",
            self.scene.network,
        ))  # fmt: skip
        balances = {row["path"].removeprefix("member:"): row["balance"] for row in rows}
        expected = {name: balance for name, balance in self.model.balances.items() if balance}
        assert {name: balance for name, balance in balances.items() if balance} == expected
        rows = self.runner.run(self.store.pool.fetch(
            "SELECT path, held FROM account WHERE network = $1 AND held > 0", self.scene.network
        ))  # fmt: skip
        held = {row["path"].removeprefix("member:"): row["held"] for row in rows}
        assert held == {name: n for name in MEMBERS if (n := self.model.held(name))}

    @invariant()
    def every_invariant_holds(self):
        report = self.runner.run(check(self.url))
        assert report.sound, report.to_text()

    def command(self, name, key, *rest):
        make = {
            "fund": fund,
            "pay": lambda payer, payee, amount, **fields: pay(
                f"member:{payer}", f"member:{payee}", amount, **fields
            ),
            "send": lambda sender, total, shares, mode, **fields: send(
                sender, total, shares, mode=mode, **fields
            ),
            "take": take,
            "hold": lambda payer, payee, amount, **fields: hold(
                f"member:{payer}", f"member:{payee}", amount, lifetime_ms=24 * HOUR_MS, **fields
            ),
            "capture": lambda number, amount, last, **fields: capture(
                self.model.holds[number].id, amount, last=last, **fields
            ),
            "release": lambda number, why, **fields: release(
                self.model.holds[number].id, why, **fields
            ),
            "bound": lambda member, floor, ceiling, state, **fields: bound(
                f"member:{member}", floor, ceiling, state=state, **fields
            ),
            "close": lambda number, why, **fields: close(
                self.model.packets[number].id, why, **fields
            ),
        }
        return make[name](*rest, key=key, scene=self.scene)


def test_the_ledger_does_what_the_model_says(databases):
    with asyncio.Runner() as runner:
        url = runner.run(databases.make("ledger", migrations=MIGRATIONS))
        database = url.rpartition("/")[2]
        admin = databases.server.url().rpartition("/")[0]
        runner.run(stop_clock(f"{admin}/{database}"))
        pool = runner.run(open_pool(url))
        store = Store(pool=pool, partitions=8, terms=Terms())

        Ledger.runner, Ledger.store, Ledger.url = runner, store, url
        run_state_machine_as_test(
            Ledger,
            settings=settings(
                max_examples=25,
                stateful_step_count=12,
                deadline=None,
                suppress_health_check=list(HealthCheck),
            ),
        )

        runner.run(pool.close())


async def stop_clock(url):
    connection = await asyncpg.connect(url)
    await connection.execute(STOPPED_CLOCK)
    await connection.close()


async def open_pool(url):
    return await asyncpg.create_pool(
        url, min_size=1, max_size=1, server_settings={**PINNED, **PATIENT, "search_path": "ledger"}
    )
