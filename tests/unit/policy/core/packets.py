"""Red packets as the ledger tells of them."""

from contracts.values import Packet, SplitMode

GROUP = "!room:example.org"
PACKET = frozenset(("id", "sender", "asset", "total", "shares", "mode", "greeting"))


def make_packet(**fields):
    return Packet(
        id=fields.pop("id", "p1"),
        network="town",
        group=GROUP,
        sender=member_id(fields.pop("sender", "ann")),
        asset=fields.pop("asset", "points"),
        total=fields.pop("total", 500),
        shares=fields.pop("shares", 10),
        mode=SplitMode[fields.pop("mode", "LUCKY")],
        greeting=fields.pop("greeting", ""),
    )


def member_id(name):
    return f"@{name}:example.org" if name else ""
