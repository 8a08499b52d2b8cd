from contracts.v1 import actor_pb2 as _actor_pb2
from contracts.v1 import adoption_pb2 as _adoption_pb2
from contracts.v1 import booking_pb2 as _booking_pb2
from contracts.v1 import group_pb2 as _group_pb2
from contracts.v1 import incident_pb2 as _incident_pb2
from contracts.v1 import member_pb2 as _member_pb2
from contracts.v1 import merit_pb2 as _merit_pb2
from contracts.v1 import message_pb2 as _message_pb2
from contracts.v1 import outcome_pb2 as _outcome_pb2
from contracts.v1 import reaction_pb2 as _reaction_pb2
from contracts.v1 import review_pb2 as _review_pb2
from contracts.v1 import source_pb2 as _source_pb2
from contracts.v1 import timer_pb2 as _timer_pb2
from contracts.v1 import undoing_pb2 as _undoing_pb2
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

class Event(_message.Message):
    __slots__ = ("id", "schema", "platform", "network", "group", "connection", "place", "actor", "occurred_ms", "received_ms", "dedup_key", "source_cursor", "place_sequence", "origin", "gap_before", "availability", "raw", "capabilities", "raw_truncated", "action_id", "message_created", "message_edited", "message_deleted", "reaction_added", "reaction_removed", "member_joined", "member_left", "member_invited", "member_kicked", "member_banned", "member_unbanned", "profile_changed", "role_changed", "group_changed", "thread_created", "thread_changed", "command_invoked", "reported", "gap", "invite_changed", "voice_changed", "screened", "policy_listed", "malformed", "action_outcome", "packet_sent", "packet_share_taken", "packet_closed", "payment_received", "transferred", "ledger_refused", "timer_due", "rulebook_adopted", "tick", "sighting", "incident", "member_silent", "reviewed", "appealed", "undoing", "member_barred", "hold_changed", "packet_opened", "packet_frozen", "payment_returned", "standing_changed")
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
    MEMBER_BARRED_FIELD_NUMBER: _ClassVar[int]
    HOLD_CHANGED_FIELD_NUMBER: _ClassVar[int]
    PACKET_OPENED_FIELD_NUMBER: _ClassVar[int]
    PACKET_FROZEN_FIELD_NUMBER: _ClassVar[int]
    PAYMENT_RETURNED_FIELD_NUMBER: _ClassVar[int]
    STANDING_CHANGED_FIELD_NUMBER: _ClassVar[int]
    id: str
    schema: int
    platform: str
    network: str
    group: str
    connection: str
    place: _actor_pb2.Place
    actor: _actor_pb2.Actor
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
    message_created: _message_pb2.MessageCreated
    message_edited: _message_pb2.MessageEdited
    message_deleted: _message_pb2.MessageDeleted
    reaction_added: _reaction_pb2.ReactionAdded
    reaction_removed: _reaction_pb2.ReactionRemoved
    member_joined: _member_pb2.MemberJoined
    member_left: _member_pb2.MemberLeft
    member_invited: _member_pb2.MemberInvited
    member_kicked: _member_pb2.MemberKicked
    member_banned: _member_pb2.MemberBanned
    member_unbanned: _member_pb2.MemberUnbanned
    profile_changed: _member_pb2.ProfileChanged
    role_changed: _member_pb2.RoleChanged
    group_changed: _group_pb2.GroupChanged
    thread_created: _group_pb2.ThreadCreated
    thread_changed: _group_pb2.ThreadChanged
    command_invoked: _message_pb2.CommandInvoked
    reported: _review_pb2.Reported
    gap: _source_pb2.Gap
    invite_changed: _group_pb2.InviteChanged
    voice_changed: _member_pb2.VoiceChanged
    screened: _message_pb2.Screened
    policy_listed: _group_pb2.PolicyListed
    malformed: _source_pb2.Malformed
    action_outcome: _outcome_pb2.ActionOutcome
    packet_sent: _booking_pb2.PacketSent
    packet_share_taken: _booking_pb2.PacketShareTaken
    packet_closed: _booking_pb2.PacketClosed
    payment_received: _booking_pb2.PaymentReceived
    transferred: _booking_pb2.Transferred
    ledger_refused: _booking_pb2.LedgerRefused
    timer_due: _timer_pb2.TimerDue
    rulebook_adopted: _adoption_pb2.RulebookAdopted
    tick: _timer_pb2.Tick
    sighting: _incident_pb2.Sighting
    incident: _incident_pb2.Incident
    member_silent: _timer_pb2.MemberSilent
    reviewed: _review_pb2.Reviewed
    appealed: _review_pb2.Appealed
    undoing: _undoing_pb2.Undoing
    member_barred: _member_pb2.MemberBarred
    hold_changed: _booking_pb2.HoldChanged
    packet_opened: _booking_pb2.PacketOpened
    packet_frozen: _booking_pb2.PacketFrozen
    payment_returned: _booking_pb2.PaymentReturned
    standing_changed: _merit_pb2.StandingChanged
    def __init__(self, id: _Optional[str] = ..., schema: _Optional[int] = ..., platform: _Optional[str] = ..., network: _Optional[str] = ..., group: _Optional[str] = ..., connection: _Optional[str] = ..., place: _Optional[_Union[_actor_pb2.Place, _Mapping]] = ..., actor: _Optional[_Union[_actor_pb2.Actor, _Mapping]] = ..., occurred_ms: _Optional[int] = ..., received_ms: _Optional[int] = ..., dedup_key: _Optional[str] = ..., source_cursor: _Optional[str] = ..., place_sequence: _Optional[int] = ..., origin: _Optional[_Union[Origin, str]] = ..., gap_before: _Optional[bool] = ..., availability: _Optional[_Union[Availability, str]] = ..., raw: _Optional[bytes] = ..., capabilities: _Optional[_Iterable[str]] = ..., raw_truncated: _Optional[bool] = ..., action_id: _Optional[str] = ..., message_created: _Optional[_Union[_message_pb2.MessageCreated, _Mapping]] = ..., message_edited: _Optional[_Union[_message_pb2.MessageEdited, _Mapping]] = ..., message_deleted: _Optional[_Union[_message_pb2.MessageDeleted, _Mapping]] = ..., reaction_added: _Optional[_Union[_reaction_pb2.ReactionAdded, _Mapping]] = ..., reaction_removed: _Optional[_Union[_reaction_pb2.ReactionRemoved, _Mapping]] = ..., member_joined: _Optional[_Union[_member_pb2.MemberJoined, _Mapping]] = ..., member_left: _Optional[_Union[_member_pb2.MemberLeft, _Mapping]] = ..., member_invited: _Optional[_Union[_member_pb2.MemberInvited, _Mapping]] = ..., member_kicked: _Optional[_Union[_member_pb2.MemberKicked, _Mapping]] = ..., member_banned: _Optional[_Union[_member_pb2.MemberBanned, _Mapping]] = ..., member_unbanned: _Optional[_Union[_member_pb2.MemberUnbanned, _Mapping]] = ..., profile_changed: _Optional[_Union[_member_pb2.ProfileChanged, _Mapping]] = ..., role_changed: _Optional[_Union[_member_pb2.RoleChanged, _Mapping]] = ..., group_changed: _Optional[_Union[_group_pb2.GroupChanged, _Mapping]] = ..., thread_created: _Optional[_Union[_group_pb2.ThreadCreated, _Mapping]] = ..., thread_changed: _Optional[_Union[_group_pb2.ThreadChanged, _Mapping]] = ..., command_invoked: _Optional[_Union[_message_pb2.CommandInvoked, _Mapping]] = ..., reported: _Optional[_Union[_review_pb2.Reported, _Mapping]] = ..., gap: _Optional[_Union[_source_pb2.Gap, _Mapping]] = ..., invite_changed: _Optional[_Union[_group_pb2.InviteChanged, _Mapping]] = ..., voice_changed: _Optional[_Union[_member_pb2.VoiceChanged, _Mapping]] = ..., screened: _Optional[_Union[_message_pb2.Screened, _Mapping]] = ..., policy_listed: _Optional[_Union[_group_pb2.PolicyListed, _Mapping]] = ..., malformed: _Optional[_Union[_source_pb2.Malformed, _Mapping]] = ..., action_outcome: _Optional[_Union[_outcome_pb2.ActionOutcome, _Mapping]] = ..., packet_sent: _Optional[_Union[_booking_pb2.PacketSent, _Mapping]] = ..., packet_share_taken: _Optional[_Union[_booking_pb2.PacketShareTaken, _Mapping]] = ..., packet_closed: _Optional[_Union[_booking_pb2.PacketClosed, _Mapping]] = ..., payment_received: _Optional[_Union[_booking_pb2.PaymentReceived, _Mapping]] = ..., transferred: _Optional[_Union[_booking_pb2.Transferred, _Mapping]] = ..., ledger_refused: _Optional[_Union[_booking_pb2.LedgerRefused, _Mapping]] = ..., timer_due: _Optional[_Union[_timer_pb2.TimerDue, _Mapping]] = ..., rulebook_adopted: _Optional[_Union[_adoption_pb2.RulebookAdopted, _Mapping]] = ..., tick: _Optional[_Union[_timer_pb2.Tick, _Mapping]] = ..., sighting: _Optional[_Union[_incident_pb2.Sighting, _Mapping]] = ..., incident: _Optional[_Union[_incident_pb2.Incident, _Mapping]] = ..., member_silent: _Optional[_Union[_timer_pb2.MemberSilent, _Mapping]] = ..., reviewed: _Optional[_Union[_review_pb2.Reviewed, _Mapping]] = ..., appealed: _Optional[_Union[_review_pb2.Appealed, _Mapping]] = ..., undoing: _Optional[_Union[_undoing_pb2.Undoing, _Mapping]] = ..., member_barred: _Optional[_Union[_member_pb2.MemberBarred, _Mapping]] = ..., hold_changed: _Optional[_Union[_booking_pb2.HoldChanged, _Mapping]] = ..., packet_opened: _Optional[_Union[_booking_pb2.PacketOpened, _Mapping]] = ..., packet_frozen: _Optional[_Union[_booking_pb2.PacketFrozen, _Mapping]] = ..., payment_returned: _Optional[_Union[_booking_pb2.PaymentReturned, _Mapping]] = ..., standing_changed: _Optional[_Union[_merit_pb2.StandingChanged, _Mapping]] = ...) -> None: ...
