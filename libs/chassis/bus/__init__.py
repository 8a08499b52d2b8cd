"""JetStream as Reeve uses it: stored once, read in order, given up in the open."""

from chassis.bus.bucket import Bucket, Entry
from chassis.bus.bus import Bus, connect
from chassis.bus.delivery import Delivery
from chassis.bus.errors import BusError, Deposed, Fenced, Refused, Taken, TooLarge, Unavailable
from chassis.bus.inbox import Inbox
from chassis.bus.publish import Outgoing, Published
from chassis.bus.store import Bounds

__all__ = [
    "Bounds",
    "Bucket",
    "Bus",
    "BusError",
    "Delivery",
    "Deposed",
    "Entry",
    "Fenced",
    "Inbox",
    "Outgoing",
    "Published",
    "Refused",
    "Taken",
    "TooLarge",
    "Unavailable",
    "connect",
]
