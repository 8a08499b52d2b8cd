"""What waits for a second person: a command as it was asked for. Pure."""

from dataclasses import dataclass

from contracts import ids
from ledger.core.commands import Body, Command
from ledger.core.packets import Scene


@dataclass(slots=True, kw_only=True)
class Request:
    """What would leave an account of the house, as it was asked for, and what became of it."""

    id: str
    scene: Scene
    account: str
    asset: str
    amount: int
    key: str  # of the command that asked
    body: Body
    seed: bytes
    asked_by: str  # a caller of REST, or a member; empty: a rule
    asked_ms: int
    expires_ms: int
    state: str = "waiting"
    decided_by: str = ""
    decided_key: str = ""
    why: str = ""
    stored: bool = False  # the database has a row for it

    def decide(self, state: str, who: str, key: str, why: str) -> None:
        """Keep what was decided, by whom, by which command and why."""
        self.state, self.decided_by, self.decided_key, self.why = state, who, key, why

    def command(self) -> Command:
        """Return what was asked for, as it is booked when it is approved."""
        return Command(
            key=self.key, scene=self.scene, body=self.body, seed=self.seed, approved=True
        )


def request_id(network: str, key: str) -> str:
    """Return the id of what a command would ask a second person for."""
    return ids.digest(f"request {len(network)}:{network}{key}".encode())
