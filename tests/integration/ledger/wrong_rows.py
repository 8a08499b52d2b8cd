"""A good row for each table of the ledger, and what is wrong by one CHECK or trigger alone."""

THEN, LATER = "2026-01-01T00:00:00Z", "2026-01-02T00:00:00Z"
HASH16, HASH32 = "\\x" + "00" * 16, "\\x" + "00" * 32
HASH_OF_NOTHING = "\\xe3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"
SHORT = "\\x00"

# What is not named is 1, '', true, THEN or empty by its type, and null where it may be.
GOOD = {
    "asset": {"code": "a", "class": "points"},
    "account": {
        "path": "member:a", "kind": "member", "held": 0, "floor": 0, "state": "open",
    },
    "txn": {"body_hash": HASH16, "kind": "transfer"},
    "inbox": {"body_hash": HASH16},
    "batch": {"hash": HASH32, "prev_hash": HASH32},
    "shard": {"last_hash": HASH32},
    "packet": {
        "total": 2, "mode": "equal", "seed_hash": HASH_OF_NOTHING, "expires_at": LATER,
        "taken": 0, "amount_taken": 0, "refunded": 0, "state": "open", "rain_total": 0,
        "rain_drops": 0,
    },
    "hold": {"amount": 2, "captured": 0, "state": "open", "expires_at": LATER},
    "hold_step": {"what": "placed"},
    "packet_step": {"what": "frozen"},
    "packet_tally": {"what": "sender"},
    "merit": {"member": "a"},
    "merit_terms": {"serial": 0},
    "payment": {"captured": 0, "returned": 0, "purpose": "entry", "state": "asked"},
    "payment_step": {"what": "asked"},
    "budget": {"account": "treasury", "period": "day", "renews_at": LATER},
    "approval_limit": {"account": "treasury"},
    "payout_request": {"what": "transfer", "state": "waiting", "expires_at": LATER},
    "payment_split": {"accounts": ["a"], "shares": [10000], "payees": ["a"]},
}  # fmt: skip

DECIDED = {"decided_by": "b", "decided_key": "k", "decided_at": THEN}

WRONG = {
    "asset_code_is_a_word": {"code": "1"},
    "asset_scale_fits": {"scale": 10},
    "asset_class_is_known": {"class": "x"},
    "asset_gift_is_a_transfer": {"transferable": False},
    "asset_merit_is_not_for_sale": {"class": "reputation"},
    "account_kind_is_known": {"kind": "x", "path": "x:a"},
    "account_kind_is_in_path": {"path": "group:a"},
    "account_keeps_its_floor": {"floor": 2},
    "account_keeps_its_ceiling": {"ceiling": 0},
    "account_held_is_not_negative": {"held": -1},
    "account_version_counts": {"version": 0},
    "account_state_is_known": {"state": "x"},
    "account_has_a_floor": {"floor": None},
    "account_closed_is_empty": {"state": "closed"},
    "account_receivable_is_owed": {"kind": "receivable", "path": "receivable:a"},
    "account_provider_gets_no_more_than_it_brought": {"kind": "provider", "path": "provider:a"},
    "txn_hash_is_whole": {"body_hash": SHORT},
    "txn_kind_is_known": {"kind": "x"},
    "posting_moves_something": {"amount": 0},
    "posting_version_counts": {"account_version": 0},
    "inbox_hash_is_whole": {"body_hash": SHORT},
    "inbox_refused_books_nothing": {"code": "x", "txn_id": 1},
    "batch_hash_is_whole": {"hash": SHORT},
    "batch_counts": {"txns": -1},
    "shard_hash_is_whole": {"last_hash": SHORT},
    "packet_has_shares": {"shares": 10001, "total": 20000},
    "packet_mode_is_known": {"mode": "x"},
    "packet_seed_is_committed": {"seed": SHORT},
    "packet_lives": {"expires_at": THEN},
    "packet_taken_fits": {"taken": 2, "amount_taken": 2, "total": 3},
    "packet_never_overpays": {"amount_taken": 3},
    "packet_closed_is_empty": {"state": "closed", "closed_why": "x", "closed_at": THEN},
    "packet_state_is_known": {"state": "x"},
    "packet_closed_says_why": {"closed_why": "x"},
    "packet_share_bounds_fit": {"share_max": 1},
    "packet_opens_within_its_life": {"opens_at": THEN},
    "packet_keeps_no_password": {"terms": {"password": "x"}},
    "packet_rain_is_whole": {"rain": "x"},
    "packet_share_is_positive": {"amount": 0},
    "packet_share_counts": {"slot": 0},
    "packet_claim_is_positive": {"amount": 0},
    "packet_step_is_known": {"what": "x"},
    "packet_tally_is_known": {"what": "x"},
    "packet_tally_counts": {"number": 0},
    "hold_never_overpays": {"captured": -1},
    "hold_lives": {"expires_at": THEN},
    "hold_state_is_known": {"state": "x", "ended_at": THEN},
    "hold_open_has_a_rest": {"captured": 2},
    "hold_captured_paid": {"state": "captured", "ended_at": THEN},
    "hold_freed_had_a_rest": {"state": "released", "ended_at": THEN, "captured": 2},
    "hold_expires_in_its_time": {"state": "expired", "ended_at": THEN},
    "hold_ended_says_when": {"ended_at": THEN},
    "hold_step_moves_something": {"amount": 0},
    "hold_step_pays_if_captured": {"txn_id": 1},
    "hold_step_is_known": {"what": "x"},
    "merit_is_something": {"amount": 0},
    "merit_is_of_a_member": {"member": "", "giver": "b"},
    "merit_is_not_praised_by_oneself": {"giver": "a"},
    "merit_happened_before": {"happened_at": LATER},
    "merit_terms_half_life_fits": {"half_life_days": 36501},
    "merit_terms_caps_are_not_negative": {"per_giver": -1},
    "merit_terms_serial_is_more_than_one": {"serial": 1},
    "payment_is_of_something": {"amount": 0},
    "payment_never_returns_more": {"returned": 1},
    "payment_captured_has_a_payee": {"payee": "x"},
    "payment_purpose_is_known": {"purpose": "x"},
    "payment_state_is_known": {"state": "x"},
    "payment_differs_by_something": {"state": "differs"},
    "payment_step_is_known": {"what": "x"},
    "budget_is_of_the_house": {"account": "member:a"},
    "budget_period_is_known": {"period": "x"},
    "budget_counts": {"amount": -1},
    "budget_is_renewed": {"renews_at": THEN},
    "approval_limit_is_of_the_house": {"account": "member:a"},
    "approval_limit_is_not_negative": {"above": -1},
    "payout_request_is_of_something": {"amount": 0},
    "payout_request_what_is_known": {"what": "x"},
    "payout_request_state_is_known": {**DECIDED, "state": "x"},
    "payout_request_waits_for_a_while": {"expires_at": THEN},
    "payout_request_decided_says_by_whom": {"decided_by": "b"},
    "payout_request_is_approved_by_another": {**DECIDED, "state": "approved", "asked_by": "b"},
    "payout_request_is_decided_in_its_time": {
        **DECIDED, "state": "approved", "decided_at": LATER,
    },
    "split_rule_version_counts": {"version": 0},
    "split_rule_purpose_is_known": {"purpose": "x"},
    "split_rule_is_of_accounts": {"accounts": ["a"]},
    "split_rule_shares_are_some": {"accounts": ["a"], "shares": [0]},
    "split_rule_is_at_most_all": {"accounts": ["a"], "shares": [10001]},
    "payment_split_is_of_accounts": {"payees": []},
    "payment_split_shares_are_some": {
        "accounts": ["a", "b"], "shares": [10001, -1], "payees": ["a", "b"],
    },
    "payment_split_is_the_whole": {"shares": [1]},
    "maturity_rule_version_counts": {"version": 0},
    "maturity_rule_is_within_a_year": {"days": 366},
    "person_account_identity_fits": {"identity": "x" * 256},
}  # fmt: skip

# No row is wrong by these alone: the others say it, too. They name the fault more plainly.
IMPLIED = {
    "packet_feeds_every_share": (
        {"shares": 3}, "packet_share_bounds_fit: a share is at least share_min, which is at least 1"
    ),
    "hold_is_of_something": (
        {"amount": 0}, "its states: a hold has a rest, or has captured some of its amount"
    ),
    "payment_captures_something": (
        {"captured": -1}, "payment_never_returns_more: what is captured is at least what returned"
    ),
}  # fmt: skip

OF_A = {"network": "a"}
MEMBER = ("account", {"id": 1, **OF_A})
PACKET = ("packet", {"id": "p", **OF_A})
PAYMENT = ("payment", {"id": "p", **OF_A})
PROVIDER = {"id": 1, "kind": "provider", "path": "provider:a", "balance": 0}
RECEIVABLE = {"id": 1, "kind": "receivable", "path": "receivable:a", "floor": None, "balance": 0}
MOVED = ("posting", {"account_id": 1, "account_version": 2})
TXN = ("txn", {"id": 1})

# What is there, and then a row or a change that is refused.
REFUSED = {
    "account_asset_is_declared": ([], ("account", {"asset": "nobody's"})),
    "account_bound_within_its_network": ([MEMBER], ("account_bound", {"account_id": 1})),
    "account_debt_is_approved": (
        [TXN, MOVED, ("account", RECEIVABLE)], "UPDATE account SET version = 2",
    ),
    "account_debt_opens_by_payments": ([TXN, MOVED], ("account", RECEIVABLE | {"version": 2})),
    "account_provider_moves_by_payments": (
        [MOVED, ("account", PROVIDER)], "UPDATE account SET version = 2",
    ),
    "account_provider_opens_by_payments": ([MOVED], ("account", PROVIDER | {"version": 2})),
    "approval_limit_is_lifted_by_two": (
        [("approval_limit", {"above": 1})], "UPDATE approval_limit SET above = 2",
    ),
    "budget_is_never_overspent": (
        [("budget", {"amount": 1, "spent": 1})], "UPDATE budget SET spent = 2",
    ),
    "hold_ends_once": (
        [("hold", {"state": "captured", "captured": 2, "ended_at": THEN})],
        "UPDATE hold SET steps = 2",
    ),
    "hold_step_within_its_network": (
        [("hold", {"id": "h", **OF_A})], ("hold_step", {"hold_id": "h"}),
    ),
    "merit_was_posted": ([MEMBER, TXN], ("merit", OF_A | {"txn_id": 1})),
    "packet_claim_within_its_network": ([PACKET], ("packet_claim", {"packet_id": "p"})),
    "packet_may_be_given": (
        [("asset", {"code": "a", "giftable": False})], ("packet", {"asset": "a"}),
    ),
    "packet_share_within_its_network": ([PACKET], ("packet_share", {"packet_id": "p"})),
    "packet_step_within_its_network": ([PACKET], ("packet_step", {"packet_id": "p"})),
    "payment_goes_one_way": ([("payment", {"steps": 2})], "UPDATE payment SET steps = 1"),
    "payment_split_within_its_network": ([PAYMENT], ("payment_split", {"payment_id": "p"})),
    "payment_step_within_its_network": ([PAYMENT], ("payment_step", {"payment_id": "p"})),
    "payout_request_is_decided_once": (
        [("payout_request", {**DECIDED, "state": "rejected"})],
        "UPDATE payout_request SET why = 'otherwise'",
    ),
    "posting_may_be_passed_on": (
        [
            ("asset", {"code": "a", "transferable": False, "giftable": False}),
            ("posting", {"leg": 1}),
        ],
        """INSERT INTO posting SELECT (jsonb_populate_record(first, said)).*
            FROM posting AS first, unnest(ARRAY[
                '{"leg": 2, "amount": 1, "asset": "a", "account_version": 2}'::jsonb,
                '{"leg": 3, "amount": -1, "asset": "a", "account_version": 3}'
            ]) AS said""",
    ),
    "posting_sums_to_zero": ([], ("posting", {"amount": 1})),
    "posting_within_its_network": (
        [MEMBER, ("txn", {"id": 1, **OF_A})], ("posting", {"account_id": 1, "txn_id": 1}),
    ),
}  # fmt: skip
