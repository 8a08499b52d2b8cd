"""Every metric of every service: what it is called, what it counts, and in which words.

A name here is exactly the name on ``/metrics``. Attributes hold few values each, never a person's
id or a text, since every combination is kept for the life of the process.
"""

from dataclasses import dataclass
from itertools import chain
from typing import Literal, get_args

CounterName = Literal[
    "reeve_ingest_events_total",
    "reeve_ingest_skipped_total",
    "reeve_platform_requests_total",
    "reeve_actions_total",
    "reeve_judge_events_total",
    "reeve_decisions_total",
    "reeve_judge_commits_total",
    "reeve_judge_fenced_total",
    "reeve_judge_recoveries_total",
    "reeve_judge_recovery_mismatches_total",
    "reeve_judge_truncations_total",
    "reeve_judge_snapshots_total",
    "reeve_rulebook_waits_total",
    "reeve_dispatch_actions_total",
    "reeve_dispatch_withheld_total",
    "reeve_shadow_disagreements_total",
    "reeve_timers_fired_total",
    "reeve_ledger_commands_total",
    "reeve_ledger_duplicates_total",
    "reeve_ledger_transactions_total",
    "reeve_ledger_facts_total",
    "reeve_ledger_endings_refused_total",
    "reeve_ledger_webhooks_total",
    "reeve_packets_total",
    "reeve_bus_publish_retries_total",
    "reeve_bus_follow_repairs_total",
    "reeve_bus_reconnects_total",
    "reeve_dlq_messages_total",
    "reeve_http_requests_total",
]
GaugeName = Literal[
    "reeve_platform_connected",
    "reeve_enforce_in_flight",
    "reeve_judge_partitions",
    "reeve_judge_lag_events",
    "reeve_consumer_pending_messages",
    "reeve_timers_overdue",
    "reeve_brake_engaged",
    "reeve_ledger_outbox_rows",
    "reeve_ledger_outbox_age_seconds",
    "reeve_ledger_imbalance",
    "reeve_ledger_endings_stuck",
    "reeve_packets_open",
    "reeve_db_pool_connections",
    "reeve_ready",
    "reeve_process_resident_bytes",
    "reeve_loop_lag_seconds",
]
HistogramName = Literal[
    "reeve_enforce_seconds",
    "reeve_judge_batch_events",
    "reeve_judge_commit_seconds",
    "reeve_decision_seconds",
    "reeve_dispatch_batch_seconds",
    "reeve_ledger_batch_commands",
    "reeve_ledger_batch_seconds",
    "reeve_http_request_seconds",
]
Kind = Literal["counter", "gauge", "histogram"]

SECONDS = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0)
SIZES = (1.0, 2.0, 5.0, 10.0, 25.0, 50.0, 100.0, 250.0, 500.0, 1000.0, 2500.0)

GATEWAY = ("gateway",)
POLICY = ("policy",)
LEDGER = ("ledger",)
REST = ("policy", "ledger")
ALL = ("gateway", "policy", "ledger")


@dataclass(frozen=True, slots=True)
class Metric:
    """What a metric means; ``unit`` is one of OpenTelemetry's (UCUM), empty for plain counts."""

    kind: Kind
    services: tuple[str, ...]
    meaning: str
    attributes: tuple[str, ...] = ()
    unit: str = ""
    buckets: tuple[float, ...] = ()


def _counter(services: tuple[str, ...], meaning: str, *attributes: str) -> Metric:
    return Metric("counter", services, meaning, attributes)


def _gauge(services: tuple[str, ...], meaning: str, *attributes: str, unit: str = "") -> Metric:
    return Metric("gauge", services, meaning, attributes, unit)


def _seconds(services: tuple[str, ...], meaning: str, *attributes: str) -> Metric:
    return Metric("histogram", services, meaning, attributes, "s", SECONDS)


def _sizes(services: tuple[str, ...], meaning: str, *attributes: str) -> Metric:
    return Metric("histogram", services, meaning, attributes, "", SIZES)


COUNTERS: dict[CounterName, Metric] = {
    "reeve_ingest_events_total": _counter(
        GATEWAY, "Events stored in EVENTS, by platform and kind.", "platform", "kind"
    ),
    "reeve_ingest_skipped_total": _counter(
        GATEWAY, "What a platform sent that is no event for us, or is broken.", "platform", "reason"
    ),
    "reeve_platform_requests_total": _counter(
        GATEWAY,
        "Requests to a platform, by operation and its answer.",
        "platform",
        "operation",
        "status",
    ),
    "reeve_actions_total": _counter(
        GATEWAY, "Actions carried out at a platform, by kind and outcome.", "kind", "status"
    ),
    "reeve_judge_events_total": _counter(POLICY, "Events judged.", "partition"),
    "reeve_decisions_total": _counter(POLICY, "Decisions committed, by outcome.", "outcome"),
    "reeve_judge_commits_total": _counter(POLICY, "Decision batches committed.", "partition"),
    "reeve_judge_fenced_total": _counter(
        POLICY, "Batches thrown away because another owner had committed first.", "partition"
    ),
    "reeve_judge_recoveries_total": _counter(
        POLICY, "Memories rebuilt from a snapshot and silent replay.", "partition"
    ),
    "reeve_judge_recovery_mismatches_total": _counter(
        POLICY, "Replays that gave another memory than the committed one.", "partition"
    ),
    "reeve_judge_truncations_total": _counter(
        POLICY, "Recoveries for which EVENTS no longer reached back far enough.", "partition"
    ),
    "reeve_judge_snapshots_total": _counter(POLICY, "Snapshots stored.", "partition"),
    "reeve_rulebook_waits_total": _counter(
        POLICY, "Seconds a partition waited for a rulebook that cannot be had."
    ),
    "reeve_dispatch_actions_total": _counter(
        POLICY, "Actions published to ACTIONS, by kind.", "kind"
    ),
    "reeve_dispatch_withheld_total": _counter(
        POLICY, "Effects dropped at the last step, by reason such as brake or protected.", "reason"
    ),
    "reeve_shadow_disagreements_total": _counter(
        POLICY,
        "Events on which a rulebook in shadow would decide otherwise, by rule and how: newly, "
        "spared, harsher, milder, broken.",
        "rule",
        "kind",
    ),
    "reeve_timers_fired_total": _counter(
        POLICY, "Timers fired, by who noticed: the alarm or the sweeper.", "by"
    ),
    "reeve_ledger_commands_total": _counter(
        LEDGER, "Commands booked or refused, by kind and status.", "kind", "status"
    ),
    "reeve_ledger_duplicates_total": _counter(LEDGER, "Commands that the inbox had seen before."),
    "reeve_ledger_transactions_total": _counter(LEDGER, "Transactions booked, by kind.", "kind"),
    "reeve_ledger_facts_total": _counter(LEDGER, "Facts relayed from the outbox to EVENTS."),
    "reeve_ledger_endings_refused_total": _counter(
        LEDGER, "Refusals to end a packet or hold whose time is over."
    ),
    "reeve_ledger_webhooks_total": _counter(
        LEDGER,
        "Letters of payment providers, by what became of them: noted, repeated, forged, or why "
        "nothing followed.",
        "provider",
        "outcome",
    ),
    "reeve_packets_total": _counter(
        LEDGER,
        "Red packets by what happened: sent, taken, emptied, expired, recalled, withdrawn.",
        "what",
    ),
    "reeve_bus_publish_retries_total": _counter(
        ALL, "Rounds of publishing again what JetStream had not acknowledged."
    ),
    "reeve_bus_follow_repairs_total": _counter(
        ALL, "Ordered readers made anew after a gap, a silence or a lost connection.", "stream"
    ),
    "reeve_bus_reconnects_total": _counter(ALL, "Connections to NATS made again."),
    "reeve_dlq_messages_total": _counter(
        ALL, "Messages given up to the dead-letter stream, by origin.", "stream"
    ),
    "reeve_http_requests_total": _counter(
        REST, "REST requests, by route and answer.", "method", "route", "status"
    ),
}

GAUGES: dict[GaugeName, Metric] = {
    "reeve_platform_connected": _gauge(
        GATEWAY, "1 while a platform connection is receiving, else 0.", "connection"
    ),
    "reeve_enforce_in_flight": _gauge(GATEWAY, "Actions on their way to a platform.", "connection"),
    "reeve_judge_partitions": _gauge(POLICY, "Partitions this process judges."),
    "reeve_judge_lag_events": _gauge(
        POLICY, "Events stored and not yet judged, as of the newest read.", "partition"
    ),
    "reeve_consumer_pending_messages": _gauge(
        ALL, "Messages waiting behind the newest one read.", "consumer"
    ),
    "reeve_timers_overdue": _gauge(POLICY, "Timers due for longer than the sweeper's period."),
    "reeve_brake_engaged": _gauge(POLICY, "Networks in which the brake withholds sanctions."),
    "reeve_ledger_outbox_rows": _gauge(LEDGER, "Facts not yet relayed to EVENTS."),
    "reeve_ledger_outbox_age_seconds": _gauge(
        LEDGER, "Age of the oldest fact not yet relayed.", unit="s"
    ),
    "reeve_ledger_imbalance": _gauge(
        LEDGER, "Minor units by which entries and balances disagree; anything but 0 is an alarm."
    ),
    "reeve_ledger_endings_stuck": _gauge(
        LEDGER, "Packets and holds that cannot be ended; each is tried again, less and less often."
    ),
    "reeve_packets_open": _gauge(LEDGER, "Red packets with shares left."),
    "reeve_db_pool_connections": _gauge(
        REST, "Database connections, by state: idle or busy.", "state"
    ),
    "reeve_ready": _gauge(ALL, "1 when a part of the service is ready, else 0.", "part"),
    "reeve_process_resident_bytes": _gauge(ALL, "Resident memory of the process.", unit="By"),
    "reeve_loop_lag_seconds": _gauge(
        ALL, "How late the event loop woke at the last look, once a second.", unit="s"
    ),
}

HISTOGRAMS: dict[HistogramName, Metric] = {
    "reeve_enforce_seconds": _seconds(
        GATEWAY, "From reading an action to its outcome, by kind.", "kind"
    ),
    "reeve_judge_batch_events": _sizes(POLICY, "Events in a judged batch."),
    "reeve_judge_commit_seconds": _seconds(
        POLICY, "From reading a batch to its commit acknowledged."
    ),
    "reeve_decision_seconds": _seconds(
        POLICY, "From an event stored to its decision committed; the oldest of each batch."
    ),
    "reeve_dispatch_batch_seconds": _seconds(
        POLICY, "From reading decisions to their actions published."
    ),
    "reeve_ledger_batch_commands": _sizes(LEDGER, "Commands booked in one transaction."),
    "reeve_ledger_batch_seconds": _seconds(
        LEDGER, "From reading commands to their transaction committed."
    ),
    "reeve_http_request_seconds": _seconds(REST, "REST requests, by route.", "route"),
}

METRICS: dict[str, Metric] = dict(chain(COUNTERS.items(), GAUGES.items(), HISTOGRAMS.items()))

assert set(METRICS) == {*get_args(CounterName), *get_args(GaugeName), *get_args(HistogramName)}, (
    "every declared name has a meaning"
)
