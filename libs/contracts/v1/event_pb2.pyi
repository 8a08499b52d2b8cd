from contracts.v1 import ledger_pb2 as _ledger_pb2
from google.protobuf.internal import containers as _containers
from google.protobuf.internal import enum_type_wrapper as _enum_type_wrapper
from google.protobuf import descriptor as _descriptor
from google.protobuf import message as _message
from collections.abc import Iterable as _Iterable, Mapping as _Mapping
from typing import ClassVar as _ClassVar, Optional as _Optional, Union as _Union

DESCRIPTOR: _descriptor.FileDescriptor

class Origin(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
    __slots__ = ()
    ORIGIN_UNSPECIFIED: _ClassVar[Origin]
    ORIGIN_LIVE: _ClassVar[Origin]
    ORIGIN_RESUMED: _ClassVar[Origin]
    ORIGIN_BACKFILLED: _ClassVar[Origin]
    ORIGIN_REPLAYED: _ClassVar[Origin]

class Availability(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
    __slots__ = ()
    AVAILABILITY_UNSPECIFIED: _ClassVar[Availability]
    AVAILABILITY_FULL: _ClassVar[Availability]
    AVAILABILITY_WITHHELD: _ClassVar[Availability]
    AVAILABILITY_ENCRYPTED: _ClassVar[Availability]
    AVAILABILITY_REDACTED: _ClassVar[Availability]

class ActorKind(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
    __slots__ = ()
    ACTOR_KIND_UNSPECIFIED: _ClassVar[ActorKind]
    ACTOR_KIND_USER: _ClassVar[ActorKind]
    ACTOR_KIND_BOT: _ClassVar[ActorKind]
    ACTOR_KIND_WEBHOOK: _ClassVar[ActorKind]
    ACTOR_KIND_APPSERVICE: _ClassVar[ActorKind]
    ACTOR_KIND_SERVER: _ClassVar[ActorKind]
    ACTOR_KIND_SYSTEM: _ClassVar[ActorKind]

class OutcomeStatus(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
    __slots__ = ()
    OUTCOME_STATUS_UNSPECIFIED: _ClassVar[OutcomeStatus]
    OUTCOME_STATUS_DONE: _ClassVar[OutcomeStatus]
    OUTCOME_STATUS_ALREADY: _ClassVar[OutcomeStatus]
    OUTCOME_STATUS_DENIED: _ClassVar[OutcomeStatus]
    OUTCOME_STATUS_GONE: _ClassVar[OutcomeStatus]
    OUTCOME_STATUS_FAILED: _ClassVar[OutcomeStatus]

class AdoptionMode(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
    __slots__ = ()
    ADOPTION_MODE_UNSPECIFIED: _ClassVar[AdoptionMode]
    ADOPTION_MODE_SHADOW: _ClassVar[AdoptionMode]
    ADOPTION_MODE_CANARY: _ClassVar[AdoptionMode]
    ADOPTION_MODE_ENDED: _ClassVar[AdoptionMode]
ORIGIN_UNSPECIFIED: Origin
ORIGIN_LIVE: Origin
ORIGIN_RESUMED: Origin
ORIGIN_BACKFILLED: Origin
ORIGIN_REPLAYED: Origin
AVAILABILITY_UNSPECIFIED: Availability
AVAILABILITY_FULL: Availability
AVAILABILITY_WITHHELD: Availability
AVAILABILITY_ENCRYPTED: Availability
AVAILABILITY_REDACTED: Availability
ACTOR_KIND_UNSPECIFIED: ActorKind
ACTOR_KIND_USER: ActorKind
ACTOR_KIND_BOT: ActorKind
ACTOR_KIND_WEBHOOK: ActorKind
ACTOR_KIND_APPSERVICE: ActorKind
ACTOR_KIND_SERVER: ActorKind
ACTOR_KIND_SYSTEM: ActorKind
OUTCOME_STATUS_UNSPECIFIED: OutcomeStatus
OUTCOME_STATUS_DONE: OutcomeStatus
OUTCOME_STATUS_ALREADY: OutcomeStatus
OUTCOME_STATUS_DENIED: OutcomeStatus
OUTCOME_STATUS_GONE: OutcomeStatus
OUTCOME_STATUS_FAILED: OutcomeStatus
ADOPTION_MODE_UNSPECIFIED: AdoptionMode
ADOPTION_MODE_SHADOW: AdoptionMode
ADOPTION_MODE_CANARY: AdoptionMode
ADOPTION_MODE_ENDED: AdoptionMode

class Event(_message.Message):
    __slots__ = ("id", "schema", "platform", "network", "group", "connection", "place", "actor", "occurred_ms", "received_ms", "dedup_key", "source_cursor", "place_sequence", "origin", "gap_before", "availability", "raw", "capabilities", "raw_truncated", "action_id", "message_created", "message_edited", "message_deleted", "reaction_added", "reaction_removed", "member_joined", "member_left", "member_invited", "member_kicked", "member_banned", "member_unbanned", "profile_changed", "role_changed", "group_changed", "thread_created", "thread_changed", "command_invoked", "reported", "gap", "invite_changed", "voice_changed", "screened", "policy_listed", "malformed", "action_outcome", "packet_sent", "packet_share_taken", "packet_closed", "payment_received", "transferred", "ledger_refused", "timer_due", "rulebook_adopted", "tick", "sighting", "incident", "member_silent", "reviewed", "appealed", "undoing")
    ID_FIELD_NUMBER: _ClassVar[int]
    SCHEMA_FIELD_NUMBER: _ClassVar[int]
    PLATFORM_FIELD_NUMBER: _ClassVar[int]
    NETWORK_FIELD_NUMBER: _ClassVar[int]
    GROUP_FIELD_NUMBER: _ClassVar[int]
    CONNECTION_FIELD_NUMBER: _ClassVar[int]
    PLACE_FIELD_NUMBER: _ClassVar[int]
    ACTOR_FIELD_NUMBER: _ClassVar[int]
    OCCURRED_MS_FIELD_NUMBER: _ClassVar[int]
    RECEIVED_MS_FIELD_NUMBER: _ClassVar[int]
    DEDUP_KEY_FIELD_NUMBER: _ClassVar[int]
    SOURCE_CURSOR_FIELD_NUMBER: _ClassVar[int]
    PLACE_SEQUENCE_FIELD_NUMBER: _ClassVar[int]
    ORIGIN_FIELD_NUMBER: _ClassVar[int]
    GAP_BEFORE_FIELD_NUMBER: _ClassVar[int]
    AVAILABILITY_FIELD_NUMBER: _ClassVar[int]
    RAW_FIELD_NUMBER: _ClassVar[int]
    CAPABILITIES_FIELD_NUMBER: _ClassVar[int]
    RAW_TRUNCATED_FIELD_NUMBER: _ClassVar[int]
    ACTION_ID_FIELD_NUMBER: _ClassVar[int]
    MESSAGE_CREATED_FIELD_NUMBER: _ClassVar[int]
    MESSAGE_EDITED_FIELD_NUMBER: _ClassVar[int]
    MESSAGE_DELETED_FIELD_NUMBER: _ClassVar[int]
    REACTION_ADDED_FIELD_NUMBER: _ClassVar[int]
    REACTION_REMOVED_FIELD_NUMBER: _ClassVar[int]
    MEMBER_JOINED_FIELD_NUMBER: _ClassVar[int]
    MEMBER_LEFT_FIELD_NUMBER: _ClassVar[int]
    MEMBER_INVITED_FIELD_NUMBER: _ClassVar[int]
    MEMBER_KICKED_FIELD_NUMBER: _ClassVar[int]
    MEMBER_BANNED_FIELD_NUMBER: _ClassVar[int]
    MEMBER_UNBANNED_FIELD_NUMBER: _ClassVar[int]
    PROFILE_CHANGED_FIELD_NUMBER: _ClassVar[int]
    ROLE_CHANGED_FIELD_NUMBER: _ClassVar[int]
    GROUP_CHANGED_FIELD_NUMBER: _ClassVar[int]
    THREAD_CREATED_FIELD_NUMBER: _ClassVar[int]
    THREAD_CHANGED_FIELD_NUMBER: _ClassVar[int]
    COMMAND_INVOKED_FIELD_NUMBER: _ClassVar[int]
    REPORTED_FIELD_NUMBER: _ClassVar[int]
    GAP_FIELD_NUMBER: _ClassVar[int]
    INVITE_CHANGED_FIELD_NUMBER: _ClassVar[int]
    VOICE_CHANGED_FIELD_NUMBER: _ClassVar[int]
    SCREENED_FIELD_NUMBER: _ClassVar[int]
    POLICY_LISTED_FIELD_NUMBER: _ClassVar[int]
    MALFORMED_FIELD_NUMBER: _ClassVar[int]
    ACTION_OUTCOME_FIELD_NUMBER: _ClassVar[int]
    PACKET_SENT_FIELD_NUMBER: _ClassVar[int]
    PACKET_SHARE_TAKEN_FIELD_NUMBER: _ClassVar[int]
    PACKET_CLOSED_FIELD_NUMBER: _ClassVar[int]
    PAYMENT_RECEIVED_FIELD_NUMBER: _ClassVar[int]
    TRANSFERRED_FIELD_NUMBER: _ClassVar[int]
    LEDGER_REFUSED_FIELD_NUMBER: _ClassVar[int]
    TIMER_DUE_FIELD_NUMBER: _ClassVar[int]
    RULEBOOK_ADOPTED_FIELD_NUMBER: _ClassVar[int]
    TICK_FIELD_NUMBER: _ClassVar[int]
    SIGHTING_FIELD_NUMBER: _ClassVar[int]
    INCIDENT_FIELD_NUMBER: _ClassVar[int]
    MEMBER_SILENT_FIELD_NUMBER: _ClassVar[int]
    REVIEWED_FIELD_NUMBER: _ClassVar[int]
    APPEALED_FIELD_NUMBER: _ClassVar[int]
    UNDOING_FIELD_NUMBER: _ClassVar[int]
    id: str
    schema: int
    platform: str
    network: str
    group: str
    connection: str
    place: Place
    actor: Actor
    occurred_ms: int
    received_ms: int
    dedup_key: str
    source_cursor: str
    place_sequence: int
    origin: Origin
    gap_before: bool
    availability: Availability
    raw: bytes
    capabilities: _containers.RepeatedScalarFieldContainer[str]
    raw_truncated: bool
    action_id: str
    message_created: MessageCreated
    message_edited: MessageEdited
    message_deleted: MessageDeleted
    reaction_added: ReactionAdded
    reaction_removed: ReactionRemoved
    member_joined: MemberJoined
    member_left: MemberLeft
    member_invited: MemberInvited
    member_kicked: MemberKicked
    member_banned: MemberBanned
    member_unbanned: MemberUnbanned
    profile_changed: ProfileChanged
    role_changed: RoleChanged
    group_changed: GroupChanged
    thread_created: ThreadCreated
    thread_changed: ThreadChanged
    command_invoked: CommandInvoked
    reported: Reported
    gap: Gap
    invite_changed: InviteChanged
    voice_changed: VoiceChanged
    screened: Screened
    policy_listed: PolicyListed
    malformed: Malformed
    action_outcome: ActionOutcome
    packet_sent: PacketSent
    packet_share_taken: PacketShareTaken
    packet_closed: PacketClosed
    payment_received: PaymentReceived
    transferred: Transferred
    ledger_refused: LedgerRefused
    timer_due: TimerDue
    rulebook_adopted: RulebookAdopted
    tick: Tick
    sighting: Sighting
    incident: Incident
    member_silent: MemberSilent
    reviewed: Reviewed
    appealed: Appealed
    undoing: Undoing
    def __init__(self, id: _Optional[str] = ..., schema: _Optional[int] = ..., platform: _Optional[str] = ..., network: _Optional[str] = ..., group: _Optional[str] = ..., connection: _Optional[str] = ..., place: _Optional[_Union[Place, _Mapping]] = ..., actor: _Optional[_Union[Actor, _Mapping]] = ..., occurred_ms: _Optional[int] = ..., received_ms: _Optional[int] = ..., dedup_key: _Optional[str] = ..., source_cursor: _Optional[str] = ..., place_sequence: _Optional[int] = ..., origin: _Optional[_Union[Origin, str]] = ..., gap_before: _Optional[bool] = ..., availability: _Optional[_Union[Availability, str]] = ..., raw: _Optional[bytes] = ..., capabilities: _Optional[_Iterable[str]] = ..., raw_truncated: _Optional[bool] = ..., action_id: _Optional[str] = ..., message_created: _Optional[_Union[MessageCreated, _Mapping]] = ..., message_edited: _Optional[_Union[MessageEdited, _Mapping]] = ..., message_deleted: _Optional[_Union[MessageDeleted, _Mapping]] = ..., reaction_added: _Optional[_Union[ReactionAdded, _Mapping]] = ..., reaction_removed: _Optional[_Union[ReactionRemoved, _Mapping]] = ..., member_joined: _Optional[_Union[MemberJoined, _Mapping]] = ..., member_left: _Optional[_Union[MemberLeft, _Mapping]] = ..., member_invited: _Optional[_Union[MemberInvited, _Mapping]] = ..., member_kicked: _Optional[_Union[MemberKicked, _Mapping]] = ..., member_banned: _Optional[_Union[MemberBanned, _Mapping]] = ..., member_unbanned: _Optional[_Union[MemberUnbanned, _Mapping]] = ..., profile_changed: _Optional[_Union[ProfileChanged, _Mapping]] = ..., role_changed: _Optional[_Union[RoleChanged, _Mapping]] = ..., group_changed: _Optional[_Union[GroupChanged, _Mapping]] = ..., thread_created: _Optional[_Union[ThreadCreated, _Mapping]] = ..., thread_changed: _Optional[_Union[ThreadChanged, _Mapping]] = ..., command_invoked: _Optional[_Union[CommandInvoked, _Mapping]] = ..., reported: _Optional[_Union[Reported, _Mapping]] = ..., gap: _Optional[_Union[Gap, _Mapping]] = ..., invite_changed: _Optional[_Union[InviteChanged, _Mapping]] = ..., voice_changed: _Optional[_Union[VoiceChanged, _Mapping]] = ..., screened: _Optional[_Union[Screened, _Mapping]] = ..., policy_listed: _Optional[_Union[PolicyListed, _Mapping]] = ..., malformed: _Optional[_Union[Malformed, _Mapping]] = ..., action_outcome: _Optional[_Union[ActionOutcome, _Mapping]] = ..., packet_sent: _Optional[_Union[PacketSent, _Mapping]] = ..., packet_share_taken: _Optional[_Union[PacketShareTaken, _Mapping]] = ..., packet_closed: _Optional[_Union[PacketClosed, _Mapping]] = ..., payment_received: _Optional[_Union[PaymentReceived, _Mapping]] = ..., transferred: _Optional[_Union[Transferred, _Mapping]] = ..., ledger_refused: _Optional[_Union[LedgerRefused, _Mapping]] = ..., timer_due: _Optional[_Union[TimerDue, _Mapping]] = ..., rulebook_adopted: _Optional[_Union[RulebookAdopted, _Mapping]] = ..., tick: _Optional[_Union[Tick, _Mapping]] = ..., sighting: _Optional[_Union[Sighting, _Mapping]] = ..., incident: _Optional[_Union[Incident, _Mapping]] = ..., member_silent: _Optional[_Union[MemberSilent, _Mapping]] = ..., reviewed: _Optional[_Union[Reviewed, _Mapping]] = ..., appealed: _Optional[_Union[Appealed, _Mapping]] = ..., undoing: _Optional[_Union[Undoing, _Mapping]] = ...) -> None: ...

class Place(_message.Message):
    __slots__ = ("channel", "thread", "parent")
    CHANNEL_FIELD_NUMBER: _ClassVar[int]
    THREAD_FIELD_NUMBER: _ClassVar[int]
    PARENT_FIELD_NUMBER: _ClassVar[int]
    channel: str
    thread: str
    parent: str
    def __init__(self, channel: _Optional[str] = ..., thread: _Optional[str] = ..., parent: _Optional[str] = ...) -> None: ...

class Actor(_message.Message):
    __slots__ = ("id", "kind", "is_self", "display_name", "roles", "power", "joined_ms", "account_created_ms")
    ID_FIELD_NUMBER: _ClassVar[int]
    KIND_FIELD_NUMBER: _ClassVar[int]
    IS_SELF_FIELD_NUMBER: _ClassVar[int]
    DISPLAY_NAME_FIELD_NUMBER: _ClassVar[int]
    ROLES_FIELD_NUMBER: _ClassVar[int]
    POWER_FIELD_NUMBER: _ClassVar[int]
    JOINED_MS_FIELD_NUMBER: _ClassVar[int]
    ACCOUNT_CREATED_MS_FIELD_NUMBER: _ClassVar[int]
    id: str
    kind: ActorKind
    is_self: bool
    display_name: str
    roles: _containers.RepeatedScalarFieldContainer[str]
    power: int
    joined_ms: int
    account_created_ms: int
    def __init__(self, id: _Optional[str] = ..., kind: _Optional[_Union[ActorKind, str]] = ..., is_self: _Optional[bool] = ..., display_name: _Optional[str] = ..., roles: _Optional[_Iterable[str]] = ..., power: _Optional[int] = ..., joined_ms: _Optional[int] = ..., account_created_ms: _Optional[int] = ...) -> None: ...

class Attachment(_message.Message):
    __slots__ = ("handle", "name", "media_type", "size_bytes", "alt_text", "encrypted")
    HANDLE_FIELD_NUMBER: _ClassVar[int]
    NAME_FIELD_NUMBER: _ClassVar[int]
    MEDIA_TYPE_FIELD_NUMBER: _ClassVar[int]
    SIZE_BYTES_FIELD_NUMBER: _ClassVar[int]
    ALT_TEXT_FIELD_NUMBER: _ClassVar[int]
    ENCRYPTED_FIELD_NUMBER: _ClassVar[int]
    handle: str
    name: str
    media_type: str
    size_bytes: int
    alt_text: str
    encrypted: bool
    def __init__(self, handle: _Optional[str] = ..., name: _Optional[str] = ..., media_type: _Optional[str] = ..., size_bytes: _Optional[int] = ..., alt_text: _Optional[str] = ..., encrypted: _Optional[bool] = ...) -> None: ...

class Forward(_message.Message):
    __slots__ = ("message_id", "place", "text", "attachments")
    MESSAGE_ID_FIELD_NUMBER: _ClassVar[int]
    PLACE_FIELD_NUMBER: _ClassVar[int]
    TEXT_FIELD_NUMBER: _ClassVar[int]
    ATTACHMENTS_FIELD_NUMBER: _ClassVar[int]
    message_id: str
    place: Place
    text: str
    attachments: _containers.RepeatedCompositeFieldContainer[Attachment]
    def __init__(self, message_id: _Optional[str] = ..., place: _Optional[_Union[Place, _Mapping]] = ..., text: _Optional[str] = ..., attachments: _Optional[_Iterable[_Union[Attachment, _Mapping]]] = ...) -> None: ...

class Embed(_message.Message):
    __slots__ = ("url", "title", "description")
    URL_FIELD_NUMBER: _ClassVar[int]
    TITLE_FIELD_NUMBER: _ClassVar[int]
    DESCRIPTION_FIELD_NUMBER: _ClassVar[int]
    url: str
    title: str
    description: str
    def __init__(self, url: _Optional[str] = ..., title: _Optional[str] = ..., description: _Optional[str] = ...) -> None: ...

class Poll(_message.Message):
    __slots__ = ("question", "answers")
    QUESTION_FIELD_NUMBER: _ClassVar[int]
    ANSWERS_FIELD_NUMBER: _ClassVar[int]
    question: str
    answers: _containers.RepeatedScalarFieldContainer[str]
    def __init__(self, question: _Optional[str] = ..., answers: _Optional[_Iterable[str]] = ...) -> None: ...

class Content(_message.Message):
    __slots__ = ("text", "html", "reply_to", "mentions", "mentions_everyone", "attachments", "forwards", "embeds", "poll", "form")
    TEXT_FIELD_NUMBER: _ClassVar[int]
    HTML_FIELD_NUMBER: _ClassVar[int]
    REPLY_TO_FIELD_NUMBER: _ClassVar[int]
    MENTIONS_FIELD_NUMBER: _ClassVar[int]
    MENTIONS_EVERYONE_FIELD_NUMBER: _ClassVar[int]
    ATTACHMENTS_FIELD_NUMBER: _ClassVar[int]
    FORWARDS_FIELD_NUMBER: _ClassVar[int]
    EMBEDS_FIELD_NUMBER: _ClassVar[int]
    POLL_FIELD_NUMBER: _ClassVar[int]
    FORM_FIELD_NUMBER: _ClassVar[int]
    text: str
    html: str
    reply_to: str
    mentions: _containers.RepeatedScalarFieldContainer[str]
    mentions_everyone: bool
    attachments: _containers.RepeatedCompositeFieldContainer[Attachment]
    forwards: _containers.RepeatedCompositeFieldContainer[Forward]
    embeds: _containers.RepeatedCompositeFieldContainer[Embed]
    poll: Poll
    form: str
    def __init__(self, text: _Optional[str] = ..., html: _Optional[str] = ..., reply_to: _Optional[str] = ..., mentions: _Optional[_Iterable[str]] = ..., mentions_everyone: _Optional[bool] = ..., attachments: _Optional[_Iterable[_Union[Attachment, _Mapping]]] = ..., forwards: _Optional[_Iterable[_Union[Forward, _Mapping]]] = ..., embeds: _Optional[_Iterable[_Union[Embed, _Mapping]]] = ..., poll: _Optional[_Union[Poll, _Mapping]] = ..., form: _Optional[str] = ...) -> None: ...

class MessageCreated(_message.Message):
    __slots__ = ("message_id", "content")
    MESSAGE_ID_FIELD_NUMBER: _ClassVar[int]
    CONTENT_FIELD_NUMBER: _ClassVar[int]
    message_id: str
    content: Content
    def __init__(self, message_id: _Optional[str] = ..., content: _Optional[_Union[Content, _Mapping]] = ...) -> None: ...

class MessageEdited(_message.Message):
    __slots__ = ("message_id", "content", "edit_id")
    MESSAGE_ID_FIELD_NUMBER: _ClassVar[int]
    CONTENT_FIELD_NUMBER: _ClassVar[int]
    EDIT_ID_FIELD_NUMBER: _ClassVar[int]
    message_id: str
    content: Content
    edit_id: str
    def __init__(self, message_id: _Optional[str] = ..., content: _Optional[_Union[Content, _Mapping]] = ..., edit_id: _Optional[str] = ...) -> None: ...

class MessageDeleted(_message.Message):
    __slots__ = ("message_ids", "deleted_by", "deleted_by_confidence", "reason")
    MESSAGE_IDS_FIELD_NUMBER: _ClassVar[int]
    DELETED_BY_FIELD_NUMBER: _ClassVar[int]
    DELETED_BY_CONFIDENCE_FIELD_NUMBER: _ClassVar[int]
    REASON_FIELD_NUMBER: _ClassVar[int]
    message_ids: _containers.RepeatedScalarFieldContainer[str]
    deleted_by: Actor
    deleted_by_confidence: float
    reason: str
    def __init__(self, message_ids: _Optional[_Iterable[str]] = ..., deleted_by: _Optional[_Union[Actor, _Mapping]] = ..., deleted_by_confidence: _Optional[float] = ..., reason: _Optional[str] = ...) -> None: ...

class ReactionAdded(_message.Message):
    __slots__ = ("message_id", "key", "reaction_id")
    MESSAGE_ID_FIELD_NUMBER: _ClassVar[int]
    KEY_FIELD_NUMBER: _ClassVar[int]
    REACTION_ID_FIELD_NUMBER: _ClassVar[int]
    message_id: str
    key: str
    reaction_id: str
    def __init__(self, message_id: _Optional[str] = ..., key: _Optional[str] = ..., reaction_id: _Optional[str] = ...) -> None: ...

class ReactionRemoved(_message.Message):
    __slots__ = ("message_id", "key", "reaction_id")
    MESSAGE_ID_FIELD_NUMBER: _ClassVar[int]
    KEY_FIELD_NUMBER: _ClassVar[int]
    REACTION_ID_FIELD_NUMBER: _ClassVar[int]
    message_id: str
    key: str
    reaction_id: str
    def __init__(self, message_id: _Optional[str] = ..., key: _Optional[str] = ..., reaction_id: _Optional[str] = ...) -> None: ...

class Inviter(_message.Message):
    __slots__ = ("actor", "confidence", "via")
    ACTOR_FIELD_NUMBER: _ClassVar[int]
    CONFIDENCE_FIELD_NUMBER: _ClassVar[int]
    VIA_FIELD_NUMBER: _ClassVar[int]
    actor: Actor
    confidence: float
    via: str
    def __init__(self, actor: _Optional[_Union[Actor, _Mapping]] = ..., confidence: _Optional[float] = ..., via: _Optional[str] = ...) -> None: ...

class MemberJoined(_message.Message):
    __slots__ = ("member", "inviters", "pending", "previous", "avatar")
    MEMBER_FIELD_NUMBER: _ClassVar[int]
    INVITERS_FIELD_NUMBER: _ClassVar[int]
    PENDING_FIELD_NUMBER: _ClassVar[int]
    PREVIOUS_FIELD_NUMBER: _ClassVar[int]
    AVATAR_FIELD_NUMBER: _ClassVar[int]
    member: Actor
    inviters: _containers.RepeatedCompositeFieldContainer[Inviter]
    pending: bool
    previous: str
    avatar: str
    def __init__(self, member: _Optional[_Union[Actor, _Mapping]] = ..., inviters: _Optional[_Iterable[_Union[Inviter, _Mapping]]] = ..., pending: _Optional[bool] = ..., previous: _Optional[str] = ..., avatar: _Optional[str] = ...) -> None: ...

class MemberLeft(_message.Message):
    __slots__ = ("member", "previous")
    MEMBER_FIELD_NUMBER: _ClassVar[int]
    PREVIOUS_FIELD_NUMBER: _ClassVar[int]
    member: Actor
    previous: str
    def __init__(self, member: _Optional[_Union[Actor, _Mapping]] = ..., previous: _Optional[str] = ...) -> None: ...

class MemberInvited(_message.Message):
    __slots__ = ("member",)
    MEMBER_FIELD_NUMBER: _ClassVar[int]
    member: Actor
    def __init__(self, member: _Optional[_Union[Actor, _Mapping]] = ...) -> None: ...

class MemberKicked(_message.Message):
    __slots__ = ("member", "reason", "kicked_by_confidence")
    MEMBER_FIELD_NUMBER: _ClassVar[int]
    REASON_FIELD_NUMBER: _ClassVar[int]
    KICKED_BY_CONFIDENCE_FIELD_NUMBER: _ClassVar[int]
    member: Actor
    reason: str
    kicked_by_confidence: float
    def __init__(self, member: _Optional[_Union[Actor, _Mapping]] = ..., reason: _Optional[str] = ..., kicked_by_confidence: _Optional[float] = ...) -> None: ...

class MemberBanned(_message.Message):
    __slots__ = ("member", "reason", "until_ms")
    MEMBER_FIELD_NUMBER: _ClassVar[int]
    REASON_FIELD_NUMBER: _ClassVar[int]
    UNTIL_MS_FIELD_NUMBER: _ClassVar[int]
    member: Actor
    reason: str
    until_ms: int
    def __init__(self, member: _Optional[_Union[Actor, _Mapping]] = ..., reason: _Optional[str] = ..., until_ms: _Optional[int] = ...) -> None: ...

class MemberUnbanned(_message.Message):
    __slots__ = ("member",)
    MEMBER_FIELD_NUMBER: _ClassVar[int]
    member: Actor
    def __init__(self, member: _Optional[_Union[Actor, _Mapping]] = ...) -> None: ...

class ProfileChanged(_message.Message):
    __slots__ = ("member", "previous_display_name", "avatar", "previous_avatar")
    MEMBER_FIELD_NUMBER: _ClassVar[int]
    PREVIOUS_DISPLAY_NAME_FIELD_NUMBER: _ClassVar[int]
    AVATAR_FIELD_NUMBER: _ClassVar[int]
    PREVIOUS_AVATAR_FIELD_NUMBER: _ClassVar[int]
    member: Actor
    previous_display_name: str
    avatar: str
    previous_avatar: str
    def __init__(self, member: _Optional[_Union[Actor, _Mapping]] = ..., previous_display_name: _Optional[str] = ..., avatar: _Optional[str] = ..., previous_avatar: _Optional[str] = ...) -> None: ...

class RoleChanged(_message.Message):
    __slots__ = ("member", "added", "removed", "previous_power")
    MEMBER_FIELD_NUMBER: _ClassVar[int]
    ADDED_FIELD_NUMBER: _ClassVar[int]
    REMOVED_FIELD_NUMBER: _ClassVar[int]
    PREVIOUS_POWER_FIELD_NUMBER: _ClassVar[int]
    member: Actor
    added: _containers.RepeatedScalarFieldContainer[str]
    removed: _containers.RepeatedScalarFieldContainer[str]
    previous_power: int
    def __init__(self, member: _Optional[_Union[Actor, _Mapping]] = ..., added: _Optional[_Iterable[str]] = ..., removed: _Optional[_Iterable[str]] = ..., previous_power: _Optional[int] = ...) -> None: ...

class GroupChanged(_message.Message):
    __slots__ = ("key", "value", "previous")
    KEY_FIELD_NUMBER: _ClassVar[int]
    VALUE_FIELD_NUMBER: _ClassVar[int]
    PREVIOUS_FIELD_NUMBER: _ClassVar[int]
    key: str
    value: str
    previous: str
    def __init__(self, key: _Optional[str] = ..., value: _Optional[str] = ..., previous: _Optional[str] = ...) -> None: ...

class ThreadCreated(_message.Message):
    __slots__ = ("title", "root_message_id")
    TITLE_FIELD_NUMBER: _ClassVar[int]
    ROOT_MESSAGE_ID_FIELD_NUMBER: _ClassVar[int]
    title: str
    root_message_id: str
    def __init__(self, title: _Optional[str] = ..., root_message_id: _Optional[str] = ...) -> None: ...

class ThreadChanged(_message.Message):
    __slots__ = ("title", "previous_title", "archived", "deleted")
    TITLE_FIELD_NUMBER: _ClassVar[int]
    PREVIOUS_TITLE_FIELD_NUMBER: _ClassVar[int]
    ARCHIVED_FIELD_NUMBER: _ClassVar[int]
    DELETED_FIELD_NUMBER: _ClassVar[int]
    title: str
    previous_title: str
    archived: bool
    deleted: bool
    def __init__(self, title: _Optional[str] = ..., previous_title: _Optional[str] = ..., archived: _Optional[bool] = ..., deleted: _Optional[bool] = ...) -> None: ...

class CommandInvoked(_message.Message):
    __slots__ = ("name", "args", "text", "message_id", "interaction", "content")
    NAME_FIELD_NUMBER: _ClassVar[int]
    ARGS_FIELD_NUMBER: _ClassVar[int]
    TEXT_FIELD_NUMBER: _ClassVar[int]
    MESSAGE_ID_FIELD_NUMBER: _ClassVar[int]
    INTERACTION_FIELD_NUMBER: _ClassVar[int]
    CONTENT_FIELD_NUMBER: _ClassVar[int]
    name: str
    args: _containers.RepeatedScalarFieldContainer[str]
    text: str
    message_id: str
    interaction: str
    content: Content
    def __init__(self, name: _Optional[str] = ..., args: _Optional[_Iterable[str]] = ..., text: _Optional[str] = ..., message_id: _Optional[str] = ..., interaction: _Optional[str] = ..., content: _Optional[_Union[Content, _Mapping]] = ...) -> None: ...

class Reported(_message.Message):
    __slots__ = ("message_id", "member", "reason")
    MESSAGE_ID_FIELD_NUMBER: _ClassVar[int]
    MEMBER_FIELD_NUMBER: _ClassVar[int]
    REASON_FIELD_NUMBER: _ClassVar[int]
    message_id: str
    member: Actor
    reason: str
    def __init__(self, message_id: _Optional[str] = ..., member: _Optional[_Union[Actor, _Mapping]] = ..., reason: _Optional[str] = ...) -> None: ...

class Gap(_message.Message):
    __slots__ = ("reason", "from_cursor", "to_cursor")
    REASON_FIELD_NUMBER: _ClassVar[int]
    FROM_CURSOR_FIELD_NUMBER: _ClassVar[int]
    TO_CURSOR_FIELD_NUMBER: _ClassVar[int]
    reason: str
    from_cursor: str
    to_cursor: str
    def __init__(self, reason: _Optional[str] = ..., from_cursor: _Optional[str] = ..., to_cursor: _Optional[str] = ...) -> None: ...

class InviteChanged(_message.Message):
    __slots__ = ("code", "deleted", "uses", "max_uses", "expires_ms")
    CODE_FIELD_NUMBER: _ClassVar[int]
    DELETED_FIELD_NUMBER: _ClassVar[int]
    USES_FIELD_NUMBER: _ClassVar[int]
    MAX_USES_FIELD_NUMBER: _ClassVar[int]
    EXPIRES_MS_FIELD_NUMBER: _ClassVar[int]
    code: str
    deleted: bool
    uses: int
    max_uses: int
    expires_ms: int
    def __init__(self, code: _Optional[str] = ..., deleted: _Optional[bool] = ..., uses: _Optional[int] = ..., max_uses: _Optional[int] = ..., expires_ms: _Optional[int] = ...) -> None: ...

class VoiceChanged(_message.Message):
    __slots__ = ("member", "channel", "previous_channel", "muted")
    MEMBER_FIELD_NUMBER: _ClassVar[int]
    CHANNEL_FIELD_NUMBER: _ClassVar[int]
    PREVIOUS_CHANNEL_FIELD_NUMBER: _ClassVar[int]
    MUTED_FIELD_NUMBER: _ClassVar[int]
    member: Actor
    channel: str
    previous_channel: str
    muted: bool
    def __init__(self, member: _Optional[_Union[Actor, _Mapping]] = ..., channel: _Optional[str] = ..., previous_channel: _Optional[str] = ..., muted: _Optional[bool] = ...) -> None: ...

class Screened(_message.Message):
    __slots__ = ("verdict", "rule", "content")
    VERDICT_FIELD_NUMBER: _ClassVar[int]
    RULE_FIELD_NUMBER: _ClassVar[int]
    CONTENT_FIELD_NUMBER: _ClassVar[int]
    verdict: str
    rule: str
    content: Content
    def __init__(self, verdict: _Optional[str] = ..., rule: _Optional[str] = ..., content: _Optional[_Union[Content, _Mapping]] = ...) -> None: ...

class PolicyListed(_message.Message):
    __slots__ = ("list", "entity", "kind", "recommendation", "reason", "removed")
    LIST_FIELD_NUMBER: _ClassVar[int]
    ENTITY_FIELD_NUMBER: _ClassVar[int]
    KIND_FIELD_NUMBER: _ClassVar[int]
    RECOMMENDATION_FIELD_NUMBER: _ClassVar[int]
    REASON_FIELD_NUMBER: _ClassVar[int]
    REMOVED_FIELD_NUMBER: _ClassVar[int]
    list: str
    entity: str
    kind: str
    recommendation: str
    reason: str
    removed: bool
    def __init__(self, list: _Optional[str] = ..., entity: _Optional[str] = ..., kind: _Optional[str] = ..., recommendation: _Optional[str] = ..., reason: _Optional[str] = ..., removed: _Optional[bool] = ...) -> None: ...

class Malformed(_message.Message):
    __slots__ = ("source_kind", "fault")
    SOURCE_KIND_FIELD_NUMBER: _ClassVar[int]
    FAULT_FIELD_NUMBER: _ClassVar[int]
    source_kind: str
    fault: str
    def __init__(self, source_kind: _Optional[str] = ..., fault: _Optional[str] = ...) -> None: ...

class ActionOutcome(_message.Message):
    __slots__ = ("action_id", "case_id", "kind", "status", "fault", "effect_id", "prior", "requests", "latency_ms")
    ACTION_ID_FIELD_NUMBER: _ClassVar[int]
    CASE_ID_FIELD_NUMBER: _ClassVar[int]
    KIND_FIELD_NUMBER: _ClassVar[int]
    STATUS_FIELD_NUMBER: _ClassVar[int]
    FAULT_FIELD_NUMBER: _ClassVar[int]
    EFFECT_ID_FIELD_NUMBER: _ClassVar[int]
    PRIOR_FIELD_NUMBER: _ClassVar[int]
    REQUESTS_FIELD_NUMBER: _ClassVar[int]
    LATENCY_MS_FIELD_NUMBER: _ClassVar[int]
    action_id: str
    case_id: str
    kind: str
    status: OutcomeStatus
    fault: str
    effect_id: str
    prior: str
    requests: int
    latency_ms: int
    def __init__(self, action_id: _Optional[str] = ..., case_id: _Optional[str] = ..., kind: _Optional[str] = ..., status: _Optional[_Union[OutcomeStatus, str]] = ..., fault: _Optional[str] = ..., effect_id: _Optional[str] = ..., prior: _Optional[str] = ..., requests: _Optional[int] = ..., latency_ms: _Optional[int] = ...) -> None: ...

class PacketSent(_message.Message):
    __slots__ = ("packet", "command_id")
    PACKET_FIELD_NUMBER: _ClassVar[int]
    COMMAND_ID_FIELD_NUMBER: _ClassVar[int]
    packet: _ledger_pb2.Packet
    command_id: str
    def __init__(self, packet: _Optional[_Union[_ledger_pb2.Packet, _Mapping]] = ..., command_id: _Optional[str] = ...) -> None: ...

class PacketShareTaken(_message.Message):
    __slots__ = ("packet_id", "member", "amount", "asset", "slot", "shares_left", "command_id", "sender", "best_luck", "best_luck_member", "best_luck_amount")
    PACKET_ID_FIELD_NUMBER: _ClassVar[int]
    MEMBER_FIELD_NUMBER: _ClassVar[int]
    AMOUNT_FIELD_NUMBER: _ClassVar[int]
    ASSET_FIELD_NUMBER: _ClassVar[int]
    SLOT_FIELD_NUMBER: _ClassVar[int]
    SHARES_LEFT_FIELD_NUMBER: _ClassVar[int]
    COMMAND_ID_FIELD_NUMBER: _ClassVar[int]
    SENDER_FIELD_NUMBER: _ClassVar[int]
    BEST_LUCK_FIELD_NUMBER: _ClassVar[int]
    BEST_LUCK_MEMBER_FIELD_NUMBER: _ClassVar[int]
    BEST_LUCK_AMOUNT_FIELD_NUMBER: _ClassVar[int]
    packet_id: str
    member: str
    amount: int
    asset: str
    slot: int
    shares_left: int
    command_id: str
    sender: str
    best_luck: bool
    best_luck_member: str
    best_luck_amount: int
    def __init__(self, packet_id: _Optional[str] = ..., member: _Optional[str] = ..., amount: _Optional[int] = ..., asset: _Optional[str] = ..., slot: _Optional[int] = ..., shares_left: _Optional[int] = ..., command_id: _Optional[str] = ..., sender: _Optional[str] = ..., best_luck: _Optional[bool] = ..., best_luck_member: _Optional[str] = ..., best_luck_amount: _Optional[int] = ...) -> None: ...

class PacketClosed(_message.Message):
    __slots__ = ("packet", "why", "refunded")
    PACKET_FIELD_NUMBER: _ClassVar[int]
    WHY_FIELD_NUMBER: _ClassVar[int]
    REFUNDED_FIELD_NUMBER: _ClassVar[int]
    packet: _ledger_pb2.Packet
    why: str
    refunded: int
    def __init__(self, packet: _Optional[_Union[_ledger_pb2.Packet, _Mapping]] = ..., why: _Optional[str] = ..., refunded: _Optional[int] = ...) -> None: ...

class PaymentReceived(_message.Message):
    __slots__ = ("payment_id", "provider", "member", "amount", "asset", "purpose")
    PAYMENT_ID_FIELD_NUMBER: _ClassVar[int]
    PROVIDER_FIELD_NUMBER: _ClassVar[int]
    MEMBER_FIELD_NUMBER: _ClassVar[int]
    AMOUNT_FIELD_NUMBER: _ClassVar[int]
    ASSET_FIELD_NUMBER: _ClassVar[int]
    PURPOSE_FIELD_NUMBER: _ClassVar[int]
    payment_id: str
    provider: str
    member: str
    amount: int
    asset: str
    purpose: str
    def __init__(self, payment_id: _Optional[str] = ..., provider: _Optional[str] = ..., member: _Optional[str] = ..., amount: _Optional[int] = ..., asset: _Optional[str] = ..., purpose: _Optional[str] = ...) -> None: ...

class Transferred(_message.Message):
    __slots__ = ("transfer_id", "source", "destination", "amount", "asset", "purpose", "command_id", "reverses")
    TRANSFER_ID_FIELD_NUMBER: _ClassVar[int]
    SOURCE_FIELD_NUMBER: _ClassVar[int]
    DESTINATION_FIELD_NUMBER: _ClassVar[int]
    AMOUNT_FIELD_NUMBER: _ClassVar[int]
    ASSET_FIELD_NUMBER: _ClassVar[int]
    PURPOSE_FIELD_NUMBER: _ClassVar[int]
    COMMAND_ID_FIELD_NUMBER: _ClassVar[int]
    REVERSES_FIELD_NUMBER: _ClassVar[int]
    transfer_id: str
    source: str
    destination: str
    amount: int
    asset: str
    purpose: str
    command_id: str
    reverses: str
    def __init__(self, transfer_id: _Optional[str] = ..., source: _Optional[str] = ..., destination: _Optional[str] = ..., amount: _Optional[int] = ..., asset: _Optional[str] = ..., purpose: _Optional[str] = ..., command_id: _Optional[str] = ..., reverses: _Optional[str] = ...) -> None: ...

class LedgerRefused(_message.Message):
    __slots__ = ("command_id", "member", "code", "detail", "command")
    COMMAND_ID_FIELD_NUMBER: _ClassVar[int]
    MEMBER_FIELD_NUMBER: _ClassVar[int]
    CODE_FIELD_NUMBER: _ClassVar[int]
    DETAIL_FIELD_NUMBER: _ClassVar[int]
    COMMAND_FIELD_NUMBER: _ClassVar[int]
    command_id: str
    member: str
    code: str
    detail: str
    command: str
    def __init__(self, command_id: _Optional[str] = ..., member: _Optional[str] = ..., code: _Optional[str] = ..., detail: _Optional[str] = ..., command: _Optional[str] = ...) -> None: ...

class TimerDue(_message.Message):
    __slots__ = ("timer_id", "purpose", "subject_id", "due_ms")
    TIMER_ID_FIELD_NUMBER: _ClassVar[int]
    PURPOSE_FIELD_NUMBER: _ClassVar[int]
    SUBJECT_ID_FIELD_NUMBER: _ClassVar[int]
    DUE_MS_FIELD_NUMBER: _ClassVar[int]
    timer_id: str
    purpose: str
    subject_id: str
    due_ms: int
    def __init__(self, timer_id: _Optional[str] = ..., purpose: _Optional[str] = ..., subject_id: _Optional[str] = ..., due_ms: _Optional[int] = ...) -> None: ...

class RulebookAdopted(_message.Message):
    __slots__ = ("digest", "name", "groups", "author", "reason", "platform", "channels", "mode", "trial", "share")
    DIGEST_FIELD_NUMBER: _ClassVar[int]
    NAME_FIELD_NUMBER: _ClassVar[int]
    GROUPS_FIELD_NUMBER: _ClassVar[int]
    AUTHOR_FIELD_NUMBER: _ClassVar[int]
    REASON_FIELD_NUMBER: _ClassVar[int]
    PLATFORM_FIELD_NUMBER: _ClassVar[int]
    CHANNELS_FIELD_NUMBER: _ClassVar[int]
    MODE_FIELD_NUMBER: _ClassVar[int]
    TRIAL_FIELD_NUMBER: _ClassVar[int]
    SHARE_FIELD_NUMBER: _ClassVar[int]
    digest: str
    name: str
    groups: _containers.RepeatedScalarFieldContainer[str]
    author: str
    reason: str
    platform: str
    channels: _containers.RepeatedScalarFieldContainer[str]
    mode: AdoptionMode
    trial: str
    share: int
    def __init__(self, digest: _Optional[str] = ..., name: _Optional[str] = ..., groups: _Optional[_Iterable[str]] = ..., author: _Optional[str] = ..., reason: _Optional[str] = ..., platform: _Optional[str] = ..., channels: _Optional[_Iterable[str]] = ..., mode: _Optional[_Union[AdoptionMode, str]] = ..., trial: _Optional[str] = ..., share: _Optional[int] = ...) -> None: ...

class Tick(_message.Message):
    __slots__ = ("at_ms",)
    AT_MS_FIELD_NUMBER: _ClassVar[int]
    at_ms: int
    def __init__(self, at_ms: _Optional[int] = ...) -> None: ...

class Sighting(_message.Message):
    __slots__ = ("kind", "key", "group", "event_id", "message_id", "groups_at_least", "within_ms")
    KIND_FIELD_NUMBER: _ClassVar[int]
    KEY_FIELD_NUMBER: _ClassVar[int]
    GROUP_FIELD_NUMBER: _ClassVar[int]
    EVENT_ID_FIELD_NUMBER: _ClassVar[int]
    MESSAGE_ID_FIELD_NUMBER: _ClassVar[int]
    GROUPS_AT_LEAST_FIELD_NUMBER: _ClassVar[int]
    WITHIN_MS_FIELD_NUMBER: _ClassVar[int]
    kind: str
    key: str
    group: str
    event_id: str
    message_id: str
    groups_at_least: int
    within_ms: int
    def __init__(self, kind: _Optional[str] = ..., key: _Optional[str] = ..., group: _Optional[str] = ..., event_id: _Optional[str] = ..., message_id: _Optional[str] = ..., groups_at_least: _Optional[int] = ..., within_ms: _Optional[int] = ...) -> None: ...

class Incident(_message.Message):
    __slots__ = ("decision_id", "kind", "key", "groups", "event_id", "message_id")
    DECISION_ID_FIELD_NUMBER: _ClassVar[int]
    KIND_FIELD_NUMBER: _ClassVar[int]
    KEY_FIELD_NUMBER: _ClassVar[int]
    GROUPS_FIELD_NUMBER: _ClassVar[int]
    EVENT_ID_FIELD_NUMBER: _ClassVar[int]
    MESSAGE_ID_FIELD_NUMBER: _ClassVar[int]
    decision_id: str
    kind: str
    key: str
    groups: _containers.RepeatedCompositeFieldContainer[IncidentGroup]
    event_id: str
    message_id: str
    def __init__(self, decision_id: _Optional[str] = ..., kind: _Optional[str] = ..., key: _Optional[str] = ..., groups: _Optional[_Iterable[_Union[IncidentGroup, _Mapping]]] = ..., event_id: _Optional[str] = ..., message_id: _Optional[str] = ...) -> None: ...

class IncidentGroup(_message.Message):
    __slots__ = ("group", "at_ms", "event_id")
    GROUP_FIELD_NUMBER: _ClassVar[int]
    AT_MS_FIELD_NUMBER: _ClassVar[int]
    EVENT_ID_FIELD_NUMBER: _ClassVar[int]
    group: str
    at_ms: int
    event_id: str
    def __init__(self, group: _Optional[str] = ..., at_ms: _Optional[int] = ..., event_id: _Optional[str] = ...) -> None: ...

class MemberSilent(_message.Message):
    __slots__ = ("since_ms", "for_ms")
    SINCE_MS_FIELD_NUMBER: _ClassVar[int]
    FOR_MS_FIELD_NUMBER: _ClassVar[int]
    since_ms: int
    for_ms: int
    def __init__(self, since_ms: _Optional[int] = ..., for_ms: _Optional[int] = ...) -> None: ...

class Reviewed(_message.Message):
    __slots__ = ("case_id", "verdict", "reason")
    CASE_ID_FIELD_NUMBER: _ClassVar[int]
    VERDICT_FIELD_NUMBER: _ClassVar[int]
    REASON_FIELD_NUMBER: _ClassVar[int]
    case_id: str
    verdict: str
    reason: str
    def __init__(self, case_id: _Optional[str] = ..., verdict: _Optional[str] = ..., reason: _Optional[str] = ...) -> None: ...

class Appealed(_message.Message):
    __slots__ = ("case_id", "reason")
    CASE_ID_FIELD_NUMBER: _ClassVar[int]
    REASON_FIELD_NUMBER: _ClassVar[int]
    case_id: str
    reason: str
    def __init__(self, case_id: _Optional[str] = ..., reason: _Optional[str] = ...) -> None: ...

class Undoing(_message.Message):
    __slots__ = ("undo_id", "case_id", "rule", "action_id", "done", "reason", "member")
    UNDO_ID_FIELD_NUMBER: _ClassVar[int]
    CASE_ID_FIELD_NUMBER: _ClassVar[int]
    RULE_FIELD_NUMBER: _ClassVar[int]
    ACTION_ID_FIELD_NUMBER: _ClassVar[int]
    DONE_FIELD_NUMBER: _ClassVar[int]
    REASON_FIELD_NUMBER: _ClassVar[int]
    MEMBER_FIELD_NUMBER: _ClassVar[int]
    undo_id: str
    case_id: str
    rule: str
    action_id: str
    done: _containers.RepeatedCompositeFieldContainer[Done]
    reason: str
    member: Actor
    def __init__(self, undo_id: _Optional[str] = ..., case_id: _Optional[str] = ..., rule: _Optional[str] = ..., action_id: _Optional[str] = ..., done: _Optional[_Iterable[_Union[Done, _Mapping]]] = ..., reason: _Optional[str] = ..., member: _Optional[_Union[Actor, _Mapping]] = ...) -> None: ...

class Done(_message.Message):
    __slots__ = ("kind", "rule", "action_id", "member", "name", "before", "after")
    KIND_FIELD_NUMBER: _ClassVar[int]
    RULE_FIELD_NUMBER: _ClassVar[int]
    ACTION_ID_FIELD_NUMBER: _ClassVar[int]
    MEMBER_FIELD_NUMBER: _ClassVar[int]
    NAME_FIELD_NUMBER: _ClassVar[int]
    BEFORE_FIELD_NUMBER: _ClassVar[int]
    AFTER_FIELD_NUMBER: _ClassVar[int]
    kind: str
    rule: str
    action_id: str
    member: str
    name: str
    before: str
    after: str
    def __init__(self, kind: _Optional[str] = ..., rule: _Optional[str] = ..., action_id: _Optional[str] = ..., member: _Optional[str] = ..., name: _Optional[str] = ..., before: _Optional[str] = ..., after: _Optional[str] = ...) -> None: ...
