from contracts.v1 import actor_pb2 as _actor_pb2
from contracts.v1 import ledger_pb2 as _ledger_pb2
from contracts.v1 import sanction_pb2 as _sanction_pb2
from contracts.v1 import setting_pb2 as _setting_pb2
from contracts.v1 import speech_pb2 as _speech_pb2
from google.protobuf.internal import containers as _containers
from google.protobuf import descriptor as _descriptor
from google.protobuf import message as _message
from collections.abc import Iterable as _Iterable, Mapping as _Mapping
from typing import ClassVar as _ClassVar, Optional as _Optional, Union as _Union

DESCRIPTOR: _descriptor.FileDescriptor

class Action(_message.Message):
    __slots__ = ("id", "executor", "priority", "platform", "network", "group", "place", "target", "case_id", "decision_id", "event_id", "rule", "reason", "decided_ms", "deadline_ms", "connection", "after", "claims", "undoes", "delete_message", "reply", "direct_notice", "mute", "unmute", "kick", "ban", "unban", "announce", "ledger", "set_group", "lockdown", "unlock", "add_role", "remove_role", "set_nickname")
    ID_FIELD_NUMBER: _ClassVar[int]
    EXECUTOR_FIELD_NUMBER: _ClassVar[int]
    PRIORITY_FIELD_NUMBER: _ClassVar[int]
    PLATFORM_FIELD_NUMBER: _ClassVar[int]
    NETWORK_FIELD_NUMBER: _ClassVar[int]
    GROUP_FIELD_NUMBER: _ClassVar[int]
    PLACE_FIELD_NUMBER: _ClassVar[int]
    TARGET_FIELD_NUMBER: _ClassVar[int]
    CASE_ID_FIELD_NUMBER: _ClassVar[int]
    DECISION_ID_FIELD_NUMBER: _ClassVar[int]
    EVENT_ID_FIELD_NUMBER: _ClassVar[int]
    RULE_FIELD_NUMBER: _ClassVar[int]
    REASON_FIELD_NUMBER: _ClassVar[int]
    DECIDED_MS_FIELD_NUMBER: _ClassVar[int]
    DEADLINE_MS_FIELD_NUMBER: _ClassVar[int]
    CONNECTION_FIELD_NUMBER: _ClassVar[int]
    AFTER_FIELD_NUMBER: _ClassVar[int]
    CLAIMS_FIELD_NUMBER: _ClassVar[int]
    UNDOES_FIELD_NUMBER: _ClassVar[int]
    DELETE_MESSAGE_FIELD_NUMBER: _ClassVar[int]
    REPLY_FIELD_NUMBER: _ClassVar[int]
    DIRECT_NOTICE_FIELD_NUMBER: _ClassVar[int]
    MUTE_FIELD_NUMBER: _ClassVar[int]
    UNMUTE_FIELD_NUMBER: _ClassVar[int]
    KICK_FIELD_NUMBER: _ClassVar[int]
    BAN_FIELD_NUMBER: _ClassVar[int]
    UNBAN_FIELD_NUMBER: _ClassVar[int]
    ANNOUNCE_FIELD_NUMBER: _ClassVar[int]
    LEDGER_FIELD_NUMBER: _ClassVar[int]
    SET_GROUP_FIELD_NUMBER: _ClassVar[int]
    LOCKDOWN_FIELD_NUMBER: _ClassVar[int]
    UNLOCK_FIELD_NUMBER: _ClassVar[int]
    ADD_ROLE_FIELD_NUMBER: _ClassVar[int]
    REMOVE_ROLE_FIELD_NUMBER: _ClassVar[int]
    SET_NICKNAME_FIELD_NUMBER: _ClassVar[int]
    id: str
    executor: str
    priority: int
    platform: str
    network: str
    group: str
    place: _actor_pb2.Place
    target: _actor_pb2.Actor
    case_id: str
    decision_id: str
    event_id: str
    rule: str
    reason: str
    decided_ms: int
    deadline_ms: int
    connection: str
    after: _containers.RepeatedScalarFieldContainer[str]
    claims: _containers.RepeatedCompositeFieldContainer[Claim]
    undoes: str
    delete_message: _speech_pb2.DeleteMessage
    reply: _speech_pb2.Reply
    direct_notice: _speech_pb2.DirectNotice
    mute: _sanction_pb2.Mute
    unmute: _sanction_pb2.Unmute
    kick: _sanction_pb2.Kick
    ban: _sanction_pb2.Ban
    unban: _sanction_pb2.Unban
    announce: _speech_pb2.Announce
    ledger: _ledger_pb2.LedgerCommand
    set_group: _setting_pb2.SetGroup
    lockdown: _setting_pb2.Lockdown
    unlock: _setting_pb2.Unlock
    add_role: _sanction_pb2.AddRole
    remove_role: _sanction_pb2.RemoveRole
    set_nickname: _sanction_pb2.SetNickname
    def __init__(self, id: _Optional[str] = ..., executor: _Optional[str] = ..., priority: _Optional[int] = ..., platform: _Optional[str] = ..., network: _Optional[str] = ..., group: _Optional[str] = ..., place: _Optional[_Union[_actor_pb2.Place, _Mapping]] = ..., target: _Optional[_Union[_actor_pb2.Actor, _Mapping]] = ..., case_id: _Optional[str] = ..., decision_id: _Optional[str] = ..., event_id: _Optional[str] = ..., rule: _Optional[str] = ..., reason: _Optional[str] = ..., decided_ms: _Optional[int] = ..., deadline_ms: _Optional[int] = ..., connection: _Optional[str] = ..., after: _Optional[_Iterable[str]] = ..., claims: _Optional[_Iterable[_Union[Claim, _Mapping]]] = ..., undoes: _Optional[str] = ..., delete_message: _Optional[_Union[_speech_pb2.DeleteMessage, _Mapping]] = ..., reply: _Optional[_Union[_speech_pb2.Reply, _Mapping]] = ..., direct_notice: _Optional[_Union[_speech_pb2.DirectNotice, _Mapping]] = ..., mute: _Optional[_Union[_sanction_pb2.Mute, _Mapping]] = ..., unmute: _Optional[_Union[_sanction_pb2.Unmute, _Mapping]] = ..., kick: _Optional[_Union[_sanction_pb2.Kick, _Mapping]] = ..., ban: _Optional[_Union[_sanction_pb2.Ban, _Mapping]] = ..., unban: _Optional[_Union[_sanction_pb2.Unban, _Mapping]] = ..., announce: _Optional[_Union[_speech_pb2.Announce, _Mapping]] = ..., ledger: _Optional[_Union[_ledger_pb2.LedgerCommand, _Mapping]] = ..., set_group: _Optional[_Union[_setting_pb2.SetGroup, _Mapping]] = ..., lockdown: _Optional[_Union[_setting_pb2.Lockdown, _Mapping]] = ..., unlock: _Optional[_Union[_setting_pb2.Unlock, _Mapping]] = ..., add_role: _Optional[_Union[_sanction_pb2.AddRole, _Mapping]] = ..., remove_role: _Optional[_Union[_sanction_pb2.RemoveRole, _Mapping]] = ..., set_nickname: _Optional[_Union[_sanction_pb2.SetNickname, _Mapping]] = ...) -> None: ...

class Claim(_message.Message):
    __slots__ = ("text", "action_id")
    TEXT_FIELD_NUMBER: _ClassVar[int]
    ACTION_ID_FIELD_NUMBER: _ClassVar[int]
    text: str
    action_id: str
    def __init__(self, text: _Optional[str] = ..., action_id: _Optional[str] = ...) -> None: ...
