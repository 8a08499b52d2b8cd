"""What the REST interface takes and gives, as documented in OpenAPI."""

from datetime import datetime
from typing import Annotated, Any, Self

from pydantic import BaseModel, ConfigDict, Field

from contracts.codec import decode, to_json
from contracts.values import Decision
from policy.store.lookup import Case, Record, Step
from policy.store.rulebooks import Adoption, Rulebook

# PostgreSQL cannot hold U+0000 in a text, so nobody needs to look for it.
NO_NUL = r"^[^\x00]*$"

Word = Annotated[str, Field(min_length=1, max_length=512, pattern=NO_NUL)]
Text = Annotated[str, Field(max_length=512, pattern=NO_NUL)]
Instant = Annotated[int | None, Field(ge=0, le=1 << 53, description="ms since 1970 UTC")]


class Form(BaseModel):
    """A body in which an unknown field is a mistake."""

    model_config = ConfigDict(extra="forbid")


class RulebookIn(Form):
    """A rulebook to publish, and where to put it in force."""

    source: str = Field(min_length=1, max_length=1 << 24, description="the YAML text, as it is")
    network: Text = Field(default="", description="empty: publish only, adopt nowhere")
    groups: list[Word] = Field(
        default=[],
        max_length=1000,
        description="empty: every group of the network without a rulebook of its own",
    )
    reason: Text = ""


class Page(Form):
    """Which part of a list."""

    limit: int = Field(default=50, ge=1, le=500, description="how many on a page")
    cursor: str | None = Field(
        default=None, max_length=16_000, description="`next` of the page before"
    )


class Wanted(Page):
    """What is common to the filters of cases and decisions."""

    network: Text | None = None
    group: Text | None = None
    member: Text | None = None
    rule: Text | None = None
    since_ms: Instant = None
    until_ms: Instant = None


class WantedCases(Wanted):
    """Which cases."""

    state: Text | None = None


class WantedDecisions(Wanted):
    """Which decisions."""

    outcome: Text | None = None
    event_id: Text | None = None


class WantedAdoptions(Page):
    """Which adoptions; an empty ``group`` asks for those of the whole network."""

    network: Word
    group: Text | None = None


class RulebookOut(BaseModel):
    """A rulebook; ``source`` is left out of lists."""

    digest: str = Field(description="sha256 of the text, hex: the rulebook's only name")
    name: str
    author: str = Field(description="the API key that published it")
    published_at: datetime
    source: str | None = None

    @classmethod
    def of(cls, book: Rulebook, *, whole: bool) -> Self:
        return cls(
            digest=book.digest,
            name=book.name,
            author=book.author,
            published_at=book.published_at,
            source=book.source if whole else None,
        )


class AdoptionOut(BaseModel):
    """From ``adopted_ms`` on a rulebook is in force in a group, or in a whole network."""

    id: int
    digest: str
    name: str
    network: str
    platform: str = Field(description="of a whole platform; empty for a group or network")
    group: str = Field(description="empty: every group without a rulebook of its own")
    channel: str = Field(description="of the group; empty: all of it")
    author: str
    reason: str
    adopted_ms: int
    announced: bool = Field(description="the log has it; until then it is on its way")

    @classmethod
    def of(cls, adoption: Adoption, *, heard: bool = False) -> Self:
        return cls(
            id=adoption.id,
            digest=adoption.digest,
            name=adoption.name,
            network=adoption.network,
            platform=adoption.platform,
            group=adoption.group_id,
            channel=adoption.channel,
            author=adoption.author,
            reason=adoption.reason,
            adopted_ms=adoption.adopted_ms,
            announced=adoption.announced or heard,
        )


class WarningOut(BaseModel):
    """Something odd about a rulebook that is none the less accepted."""

    where: str = Field(description="source:line:column, or the set instead of source")
    reason: str


class CostOut(BaseModel):
    """What a rule takes of a message at most, in microseconds."""

    rule: str
    us: float
    always: bool = Field(description="it is asked of every message; else where something wakes it")


class PublishedOut(BaseModel):
    """The rulebook as stored, and where it is now in force because of this request."""

    rulebook: RulebookOut
    adoptions: list[AdoptionOut]
    warnings: list[WarningOut]
    costs: list[CostOut]


class StepOut(BaseModel):
    """One action of a case."""

    id: str
    executor: str
    kind: str
    rule: str
    state: str = Field(
        description="waiting (for others to end), planned, published, done, gone, denied, failed; "
        "or protected, braked, dropped; or skipped: what it would have told of was not done"
    )
    fault: str
    effect_id: str
    planned_at: datetime
    ended_at: datetime | None

    @classmethod
    def of(cls, step: Step) -> Self:
        return cls(**{name: getattr(step, name) for name in cls.model_fields})


class CaseOut(BaseModel):
    """Somebody was sanctioned, or would have been."""

    id: str
    decision_id: str
    state: str = Field(
        description="open, done, failed; held, approved, refused; appealed, upheld, rejected; "
        "or protected, braked, dropped: not acted on"
    )
    opened_ms: int
    until_ms: int = Field(description="end of the sanction; 0: none told")
    network: str
    group: str
    platform: str
    connection: str
    channel: str
    member: str
    member_name: str
    message_id: str
    rule: str
    outcome: str
    strikes: int
    explanation: str = Field(description="as told to the member")
    language: str
    fault: str
    updated_at: datetime
    resolved_by: str = Field(description="who decided on what was held, or on the appeal")
    resolution: str = Field(description="the reason they gave")
    appeal: str = Field(description="the member's own words; empty: no appeal")
    undone: list[str] = Field(description="what an upheld appeal took back")
    kept: list[str] = Field(description="what nothing can take back")

    @classmethod
    def of(cls, case: Case) -> Self:
        fields = {name: getattr(case, name) for name in cls.model_fields if name != "group"}
        return cls(group=case.group_id, **fields)


class DecisionOut(BaseModel):
    """A decision in which something happened, with its evidence, as the judge committed it."""

    id: str
    case_id: str
    at_ms: int
    decision: dict[str, Any] = Field(description="the `Decision` of the contracts, as JSON")

    @classmethod
    def of(cls, record: Record) -> Self:
        decision = to_json(decode(Decision, record.body))
        return cls(id=record.id, case_id=record.case_id, at_ms=record.at_ms, decision=decision)


class CaseDetailOut(BaseModel):
    """A case with what was done, and every decision that belongs to it."""

    case: CaseOut
    actions: list[StepOut]
    decisions: list[DecisionOut]


class CasePage(BaseModel):
    """Cases, newest first; ``next`` is the cursor of the page that follows, if there is one."""

    items: list[CaseOut]
    next: str | None


class DecisionPage(BaseModel):
    """Decisions, newest first."""

    items: list[DecisionOut]
    next: str | None


class RulebookPage(BaseModel):
    """Rulebooks, newest first, without their texts."""

    items: list[RulebookOut]
    next: str | None


class AdoptionPage(BaseModel):
    """Adoptions, newest first: what was in force when."""

    items: list[AdoptionOut]
    next: str | None
