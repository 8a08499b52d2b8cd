"""What an operator can set on the policy service, all under ``POLICY_``."""

import os
import socket
from dataclasses import dataclass, field

from chassis import clock, settings
from policy.brake import Limits, Protection
from policy.gate import Gate


@dataclass(frozen=True, kw_only=True)
class Settings(settings.CommonWithDatabase):
    """Settings of the judge and of dispatch; one set, since they are one service."""

    owner: str = field(
        default="",
        metadata={
            "help": "name of this judge among several, the same after a restart; "
            "empty makes one up, and a restart then waits for the old lease to run out"
        },
    )
    batch: int = field(
        default=1_000,
        metadata={"help": "events judged in one batch at most", "min": 1, "max": 10_000},
    )
    lease_s: float = field(
        default=4.0,
        metadata={
            "help": "seconds after which the partitions of a lost judge are free",
            "min": 2.0,
        },
    )
    snapshot_s: float = field(
        default=5.0, metadata={"help": "seconds between snapshots of a busy partition", "min": 0.1}
    )
    snapshot_events: int = field(
        default=2_000,
        metadata={"help": "events that make a partition worth a snapshot", "min": 1},
    )
    sweep_s: float = field(
        default=5.0,
        metadata={"help": "seconds between looks for what was left undone", "min": 0.1},
    )
    dry_run: bool = field(
        default=False, metadata={"help": "judge and record everything, carry out nothing"}
    )
    protected: tuple[str, ...] = field(
        default=(),
        metadata={
            "help": "member ids no rule may touch, separated by commas; * and ? as in file names"
        },
    )
    protected_roles: tuple[str, ...] = field(
        default=(), metadata={"help": "role ids whose holders no rule may touch"}
    )
    protected_power: int = field(
        default=50, metadata={"help": "power level from which no rule may touch a member"}
    )
    brake_rule: int = field(
        default=60,
        metadata={
            "help": "sanctions of one rule in a minute; beyond, it pauses; 0: no limit",
            "min": 0,
        },
    )
    brake_group: int = field(
        default=120, metadata={"help": "sanctions in one group in a minute; 0: no limit", "min": 0}
    )
    brake_network: int = field(
        default=600,
        metadata={"help": "sanctions in one network in a minute; 0: no limit", "min": 0},
    )
    undo_alone: int = field(
        default=100,
        metadata={
            "help": "cases that one API key may take back within an hour; more wait for another "
            "key to confirm; 0: no limit",
            "min": 0,
        },
    )

    def gate(self) -> Gate:
        """Return what the last step before an effect goes by."""
        return Gate(
            protection=Protection(
                members=self.protected,
                roles=frozenset(self.protected_roles),
                power=self.protected_power,
            ),
            limits=Limits(rule=self.brake_rule, group=self.brake_group, network=self.brake_network),
            dry_run=self.dry_run,
        )

    def owner_name(self) -> str:
        """Return the name under which this process holds partitions."""
        return self.owner or f"{socket.gethostname()}-{os.getpid()}-{clock.now_ms()}"
