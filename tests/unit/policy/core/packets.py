"""Red packets as the ledger tells of them."""

from contracts.codec import from_json
from contracts.values import (
    Packet,
    PacketClosed,
    PacketFrozen,
    PacketOpened,
    PacketSent,
    PacketShareTaken,
    PacketTerms,
    SplitMode,
)
from policy.core.reading import duration_ms

EPOCH_MS = 1_767_225_600_000  # 2026-01-01 00:00 UTC
GROUP = "!room:example.org"
PACKET = frozenset((
    "id", "sender", "asset", "total", "shares", "mode", "greeting", "opens", "rain", "is_frozen",
    "rain_total", "rain_drops",
    "shares_taken", "amount_taken", "locked", "terms",
))  # fmt: skip


def make_packet(**fields):
    opens, terms = fields.pop("opens", None), fields.pop("terms", None)
    return Packet(
        id=fields.pop("id", "p1"),
        network="town",
        group=GROUP,
        sender=member_id(fields.pop("sender", "ann")),
        asset=fields.pop("asset", "points"),
        total=fields.pop("total", 500),
        shares=fields.pop("shares", 10),
        mode=SplitMode[fields.pop("mode", "LUCKY")],
        frozen=fields.pop("is_frozen", False),
        terms=from_json(PacketTerms, terms) if terms else None,
        opens_ms=EPOCH_MS + duration_ms(opens) if opens else 0,
        **fields,
    )


def member_id(name):
    return f"@{name}:example.org" if name else ""


class PacketFacts:
    """What the ledger tells a room of red packets."""

    def packet(self, **fields):
        command_id = self.command_id(fields.pop("command", None))
        return self._tells(PacketSent, fields, command_id=command_id)

    def opened(self, **fields):
        return self._tells(PacketOpened, fields)

    def frozen(self, *, free=False, **fields):
        return self._tells(PacketFrozen, fields, frozen=not free, by="@mod:example.org")

    def closed(self, why, refunded=0, **fields):
        return self._tells(PacketClosed, fields, why=why, refunded=refunded)

    def _tells(self, fact, fields, **of_it):
        packet = make_packet(**{key: fields.pop(key) for key in list(fields) if key in PACKET})
        return self.feed(fact(packet=packet, **of_it), who="ledger", **fields)

    def taken(self, member, amount, left, **fields):
        payload = PacketShareTaken(
            packet_id=fields.pop("packet_id", "p1"),
            member=f"@{member}:example.org",
            amount=amount,
            asset=fields.pop("asset", "points"),
            shares_left=left,
            sender=member_id(fields.pop("sender", "ann")),
            command_id=self.command_id(),
            best_luck_member=fields.pop("best_luck_member", ""),
            best_luck_amount=fields.pop("best_luck_amount", 0),
        )
        return self.feed(payload, who="ledger", **fields)
