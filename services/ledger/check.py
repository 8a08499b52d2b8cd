"""Prove the books: every invariant, on the live database, at one moment."""

import json
from dataclasses import asdict, dataclass

from ledger.store import audit
from ledger.store.invariants import INVARIANTS
from ledger.store.payment_invariants import PAYMENT_INVARIANTS
from ledger.store.treasury_invariants import TREASURY_INVARIANTS
from ledger.verify import walk

SCHEMA = "ledger"


@dataclass(frozen=True, slots=True)
class Finding:
    """One invariant and how it fared; ``faults`` is 0 where it holds everywhere."""

    name: str
    promise: str
    faults: int
    examples: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Report:
    """What a check found, and how much it looked at."""

    findings: tuple[Finding, ...]
    counts: dict[str, int]

    @property
    def sound(self) -> bool:
        return not any(finding.faults for finding in self.findings)

    def to_json(self) -> str:
        """Return the report for a program."""
        invariants = [asdict(finding) for finding in self.findings]
        return json.dumps({"sound": self.sound, "counts": self.counts, "invariants": invariants})

    def to_text(self) -> str:
        """Return the report for a person."""
        lines = ["  ".join(f"{count} {name}" for name, count in self.counts.items()), ""]
        for finding in self.findings:
            fare = "holds" if not finding.faults else f"FAILS in {finding.faults} places"
            lines.append(f"{finding.name:<4} {finding.promise}: {fare}")
            lines += [f"       {example}" for example in finding.examples]
        verdict = "The books are sound." if self.sound else "The books are NOT sound."
        return "\n".join([*lines, "", verdict])


async def check(url: str, schema: str = SCHEMA) -> Report:
    """Check the ledger at ``url`` and return what was found; nothing is changed or held up."""
    findings = []
    async with audit.snapshot(url, schema) as connection:
        for invariant in (*INVARIANTS, *PAYMENT_INVARIANTS, *TREASURY_INVARIANTS):
            faults, examples = await audit.culprits(connection, invariant)
            findings.append(Finding(invariant.name, invariant.promise, faults, tuple(examples)))
        findings.append(await _check_chain(connection))
        counts = await audit.counts(connection)
    findings.sort(key=lambda finding: int(finding.name[1:]))
    return Report(tuple(findings), counts)


async def _check_chain(connection: "audit.Connection") -> Finding:
    """I12: from the first batch to the last, each hash follows from what was written."""
    faults = (await walk(connection, {})).faults
    promise = "the hash of every batch follows from what it wrote and from the batch before"
    return Finding("I12", promise, len(faults), tuple(faults[: audit.SHOWN]))
