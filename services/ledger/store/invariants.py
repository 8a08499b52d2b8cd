"""Questions whose every answer is a fault: the invariants of the books, asked of the tables."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Invariant:
    """Something that always holds. ``query`` returns one text for each place where it does not."""

    name: str
    promise: str
    query: str


INVARIANTS = (
    Invariant(
        "I1",
        "the legs of every transaction sum to zero in each asset",
        """
        SELECT format('transaction %s, %s: off by %s', txn_id, asset, sum(amount))
        FROM posting GROUP BY txn_id, asset HAVING sum(amount) <> 0
        UNION ALL
        SELECT format('transaction %s has no postings', t.id)
        FROM txn AS t WHERE NOT EXISTS (SELECT FROM posting AS p WHERE p.txn_id = t.id)
        UNION ALL
        SELECT format('posting %s/%s has no transaction', p.txn_id, p.leg)
        FROM posting AS p WHERE NOT EXISTS (SELECT FROM txn AS t WHERE t.id = p.txn_id)
        """,
    ),
    Invariant(
        "I2",
        "the balances of every network sum to zero in each asset, issuers included",
        """
        SELECT format('network %s, %s: off by %s', network, asset, sum(balance))
        FROM account GROUP BY network, asset HAVING sum(balance) <> 0
        """,
    ),
    Invariant(
        "I3",
        "a balance is the sum of its postings and what the last one left",
        """
        SELECT format('account %s %s: balance %s, postings sum to %s and leave %s', a.id, a.path,
            a.balance, coalesce(p.total, 0), coalesce(p.last, 0))
        FROM account AS a
        LEFT JOIN (
            SELECT account_id, sum(amount) AS total,
                (array_agg(balance_after ORDER BY account_version DESC))[1] AS last
            FROM posting GROUP BY account_id
        ) AS p ON p.account_id = a.id
        WHERE a.balance <> coalesce(p.total, 0) OR a.balance <> coalesce(p.last, 0)
        UNION ALL
        SELECT format('posting %s/%s has no account', p.txn_id, p.leg)
        FROM posting AS p WHERE NOT EXISTS (SELECT FROM account AS a WHERE a.id = p.account_id)
        """,
    ),
    Invariant(
        "I4",
        "an account's postings follow on each other: versions without a gap, balances in a chain,"
        " in the order of their transactions",
        """
        SELECT format('account %s, version %s: %s after %s, %s moved', account_id,
            account_version, balance_after, coalesce(before, 0), amount)
        FROM (
            SELECT *, lag(balance_after) OVER chain AS before, row_number() OVER chain AS place,
                lag(txn_id) OVER chain AS txn_before
            FROM posting WINDOW chain AS (PARTITION BY account_id ORDER BY account_version)
        ) AS p
        WHERE account_version <> place OR balance_after <> coalesce(before, 0) + amount
            OR txn_id < txn_before
        UNION ALL
        SELECT format('account %s: version %s, postings %s', a.id, a.version, coalesce(p.n, 0))
        FROM account AS a
        LEFT JOIN (SELECT account_id, count(*) AS n FROM posting GROUP BY account_id) AS p
            ON p.account_id = a.id
        WHERE a.version <> coalesce(p.n, 0)
        """,
    ),
    Invariant(
        "I5",
        "no posting left an account outside of its bounds, or moved what was frozen or closed",
        """
        SELECT format('account %s, version %s: %s', a.id, p.account_version, p.balance_after)
        FROM posting AS p JOIN account AS a ON a.id = p.account_id
        WHERE NOT EXISTS (SELECT FROM account_bound AS b WHERE b.account_id = a.id)
            AND (p.balance_after < a.floor OR p.balance_after > a.ceiling)
        UNION ALL
        SELECT format('account %s, version %s: %s of %s', a.id, p.account_version,
            p.balance_after, coalesce(b.state, 'open'))
        FROM (SELECT DISTINCT account_id FROM account_bound) AS bounded
        JOIN account AS a ON a.id = bounded.account_id
        JOIN posting AS p ON p.account_id = a.id
        LEFT JOIN LATERAL (
            SELECT true AS said, b.floor, b.ceiling, b.state FROM account_bound AS b
            WHERE b.account_id = a.id AND b.since_version < p.account_version
            ORDER BY b.batch_id DESC, b.place DESC LIMIT 1
        ) AS b ON true
        WHERE p.balance_after > b.ceiling OR p.balance_after < CASE
                WHEN b.said THEN b.floor
                WHEN a.kind NOT IN ('issuer', 'suspense', 'provider', 'receivable') THEN 0
            END
            OR b.state = 'closed' OR (b.state = 'frozen' AND p.amount < 0)
        UNION ALL
        SELECT format('account %s %s is bounded by %s and %s and %s, which nobody said', a.id,
            a.path, a.floor, a.ceiling, a.state)
        FROM account AS a
        LEFT JOIN LATERAL (
            SELECT true AS said, b.floor, b.ceiling, b.state FROM account_bound AS b
            WHERE b.account_id = a.id ORDER BY b.batch_id DESC, b.place DESC LIMIT 1
        ) AS b ON true
        WHERE a.ceiling IS DISTINCT FROM b.ceiling OR a.state <> coalesce(b.state, 'open')
            OR a.floor IS DISTINCT FROM CASE
                WHEN b.said THEN b.floor
                WHEN a.kind NOT IN ('issuer', 'suspense', 'provider', 'receivable') THEN 0
            END
        """,
    ),
    Invariant(
        "I6",
        "what is held is the sum of the open holds, and each hold is the sum of its steps",
        """
        SELECT format('account %s %s: %s held, open holds sum to %s', a.id, a.path, a.held,
            coalesce(h.rest, 0))
        FROM account AS a
        LEFT JOIN (
            SELECT network, account, asset, sum(amount - captured) AS rest
            FROM hold WHERE state = 'open' GROUP BY network, account, asset
        ) AS h ON h.network = a.network AND h.account = a.path AND h.asset = a.asset
        WHERE a.held <> coalesce(h.rest, 0)
        UNION ALL
        SELECT format('hold %s: %s of %s captured, %s, says %s', h.id, h.captured, h.amount,
            h.state, s.told)
        FROM hold AS h
        LEFT JOIN (
            SELECT hold_id, count(*) AS n, string_agg(what || ' ' || amount, ', ' ORDER BY step)
                AS told,
                sum(amount) FILTER (WHERE what = 'placed') AS placed,
                coalesce(sum(amount) FILTER (WHERE what = 'captured'), 0) AS captured,
                coalesce(sum(amount) FILTER (WHERE what IN ('released', 'expired')), 0) AS freed,
                bool_or(what = 'expired') AS expired, max(step) AS last
            FROM hold_step GROUP BY hold_id
        ) AS s ON s.hold_id = h.id
        WHERE s.n IS DISTINCT FROM h.steps OR s.last <> s.n OR s.placed IS DISTINCT FROM h.amount
            OR s.captured <> h.captured OR s.expired <> (h.state = 'expired')
            OR s.captured + s.freed > h.amount OR (h.state = 'open' AND s.freed > 0)
            OR (h.state = 'open') <> (s.captured + s.freed < h.amount)
        UNION ALL
        SELECT format('hold %s, step %s: transaction %s', s.hold_id, s.step, s.txn_id)
        FROM hold_step AS s
        JOIN hold AS h ON h.id = s.hold_id
        LEFT JOIN txn AS t ON t.id = s.txn_id
        WHERE s.what = 'captured' AND (t.kind IS DISTINCT FROM 'capture' OR NOT EXISTS (
            SELECT FROM posting AS p JOIN account AS a ON a.id = p.account_id
            WHERE p.txn_id = t.id AND p.amount = s.amount AND a.path = h.destination
        ))
        UNION ALL
        SELECT format('transaction %s captures from no hold', t.id)
        FROM txn AS t
        WHERE t.kind = 'capture'
            AND NOT EXISTS (SELECT FROM hold_step AS s WHERE s.txn_id = t.id)
        UNION ALL
        SELECT format('hold %s was placed by no command', h.id)
        FROM hold AS h
        WHERE NOT EXISTS (SELECT FROM inbox AS i WHERE i.hold_id = h.id AND i.code = '')
        """,
    ),
    Invariant(
        "I7",
        "a packet's money is with its takers, its sender or its escrow account, to the last unit",
        """
        SELECT format('packet %s: funded %s, taken %s, refunded %s, in escrow %s, unclaimed %s',
            p.id, p.total, p.amount_taken, p.refunded, coalesce(e.balance, 0),
            coalesce(s.unclaimed, 0))
        FROM packet AS p
        LEFT JOIN account AS e
            ON e.network = p.network AND e.path = 'packet:' || p.id AND e.asset = p.asset
        LEFT JOIN (
            SELECT s.packet_id, sum(s.amount) AS total, count(*) AS n,
                sum(s.amount) FILTER (WHERE c.slot IS NULL) AS unclaimed,
                sum(s.amount) FILTER (WHERE c.slot IS NOT NULL) AS claimed,
                count(c.slot) AS taken
            FROM packet_share AS s LEFT JOIN packet_claim AS c USING (packet_id, slot)
            GROUP BY s.packet_id
        ) AS s ON s.packet_id = p.id
        WHERE s.total IS DISTINCT FROM p.total OR s.n <> p.shares OR s.taken <> p.taken
            OR coalesce(s.claimed, 0) <> p.amount_taken
            OR p.total <> p.amount_taken + p.refunded + coalesce(e.balance, 0)
            OR (p.state = 'open' AND e.balance IS DISTINCT FROM s.unclaimed)
            OR (p.state = 'closed' AND e.balance <> 0)
        """,
    ),
    Invariant(
        "I8",
        "every share taken was paid once, to the one who took it, and shares went in their order",
        """
        SELECT format('packet %s, slot %s of %s: %s', c.packet_id, c.slot, c.member, c.amount)
        FROM packet_claim AS c
        LEFT JOIN packet_share AS s USING (packet_id, slot)
        LEFT JOIN packet AS k ON k.id = c.packet_id
        LEFT JOIN account AS a ON a.network = c.network AND a.path = 'member:' || c.member
            AND a.asset = k.asset
        WHERE s.amount IS DISTINCT FROM c.amount OR c.slot > k.taken OR 1 <> (
            SELECT count(*) FROM posting AS p
            WHERE p.txn_id = c.txn_id AND p.account_id = a.id AND p.amount = c.amount
        )
        UNION ALL
        SELECT format('transaction %s pays a share that nobody took', t.id)
        FROM txn AS t
        WHERE t.kind = 'packet_claim'
            AND NOT EXISTS (SELECT FROM packet_claim AS c WHERE c.txn_id = t.id)
        """,
    ),
    Invariant(
        "I9",
        "shares are as large as was said, taken in the packet's time, and close it when all are",
        """
        SELECT format('packet %s, slot %s taken at %s', k.id, c.slot, c.recorded_at)
        FROM packet_claim AS c JOIN packet AS k ON k.id = c.packet_id
        WHERE c.recorded_at >= k.expires_at
            OR c.recorded_at < coalesce(k.opens_at, k.opened_at)
            OR c.recorded_at > k.closed_at
        UNION ALL
        SELECT format('packet %s closed as %s at %s', id, closed_why, closed_at)
        FROM packet
        WHERE (closed_why = 'expired' AND closed_at < expires_at)
            OR (closed_why = 'sold_out') <> (state = 'closed' AND taken = shares)
        UNION ALL
        SELECT format('packet %s has a share of %s', k.id, s.amount)
        FROM packet_share AS s JOIN packet AS k ON k.id = s.packet_id
        WHERE s.amount < k.share_min OR s.amount > k.share_max
        """,
    ),
    Invariant(
        "I10",
        "every booked command has its transaction, made from the same request",
        """
        SELECT format('command %s of %s: transaction %s', i.key, i.network, i.txn_id)
        FROM inbox AS i LEFT JOIN txn AS t ON t.id = i.txn_id
        WHERE i.txn_id IS NOT NULL
            AND (t.id IS NULL OR t.body_hash <> i.body_hash OR t.network <> i.network)
        UNION ALL
        SELECT format('transaction %s answers no command', t.id)
        FROM txn AS t
        WHERE t.kind <> 'grant' AND NOT EXISTS (SELECT FROM inbox AS i WHERE i.txn_id = t.id)
            AND NOT EXISTS (
                SELECT FROM packet AS k JOIN packet AS first ON first.id = k.rain
                JOIN inbox AS i ON i.txn_id = first.number
                WHERE k.number = t.id AND i.body_hash = t.body_hash
            )
        """,
    ),
    Invariant(
        "I11",
        "numbers have no gaps: batches, their transactions and accounts, and the facts that wait;"
        " and times do not go back",
        """
        SELECT format('batch %s of shard %s does not follow on the one before', id, shard)
        FROM (
            SELECT *, lag(id) OVER chain AS before_id, lag(recorded_at) OVER chain AS before_at,
                lag(form) OVER chain AS before_form,
                lag(first_account + accounts) OVER chain AS expected_account,
                lag(first_txn + txns) OVER chain AS expected_txn,
                lag(first_seq + facts) OVER chain AS expected_seq
            FROM batch WINDOW chain AS (PARTITION BY shard ORDER BY id)
        ) AS b
        WHERE id <> coalesce(before_id + 1, 1) OR first_txn <> coalesce(expected_txn, 1)
            OR first_seq <> coalesce(expected_seq, 1)
            OR (form > 1 AND recorded_at < before_at)
            OR (form > 1 AND before_form > 1 AND first_account <> expected_account)
        UNION ALL
        SELECT format('batch %s of shard %s: %s transactions of %s', b.id, b.shard,
            coalesce(t.n, 0), b.txns)
        FROM batch AS b
        LEFT JOIN (SELECT batch_id, count(*) AS n FROM txn GROUP BY batch_id) AS t
            ON t.batch_id = b.id
        WHERE coalesce(t.n, 0) <> b.txns
        UNION ALL
        SELECT format('transaction %s was not recorded with its batch', t.id)
        FROM txn AS t JOIN batch AS b ON b.id = t.batch_id WHERE t.recorded_at <> b.recorded_at
        UNION ALL
        SELECT format('outbox of shard %s: %s facts wait between %s and %s', s.id, o.n,
            r.relayed_seq, s.next_seq)
        FROM shard AS s
        JOIN relay AS r ON r.shard = s.id
        CROSS JOIN LATERAL (
            SELECT count(*) AS n FROM outbox
            WHERE shard = s.id AND seq > r.relayed_seq AND seq < s.next_seq
        ) AS o
        WHERE o.n <> s.next_seq - 1 - r.relayed_seq
        """,
    ),
    Invariant(
        "I13",
        "a reversal takes back exactly what one transfer or capture booked",
        """
        SELECT format('transaction %s reverses %s', r.id, r.reverses)
        FROM txn AS r LEFT JOIN txn AS t ON t.id = r.reverses
        WHERE (r.kind = 'reversal') <> (r.reverses IS NOT NULL)
            OR (r.reverses IS NOT NULL AND (
                t.kind IS NULL OR t.kind NOT IN ('transfer', 'capture') OR t.network <> r.network
                OR EXISTS (
                    (SELECT leg, account_id, -amount FROM posting WHERE txn_id = t.id)
                    EXCEPT (SELECT leg, account_id, amount FROM posting WHERE txn_id = r.id)
                ) OR EXISTS (
                    (SELECT leg, account_id, -amount FROM posting WHERE txn_id = r.id)
                    EXCEPT (SELECT leg, account_id, amount FROM posting WHERE txn_id = t.id)
                )
            ))
        """,
    ),
    Invariant(
        "I14",
        "no suspense account has kept money for more than a day, what came first leaving first",
        """
        SELECT format('account %s %s: %s, of it %s for more than a day', a.id, a.path, a.balance,
            sign(a.balance) * (abs(a.balance) - coalesce(p.lately, 0)))
        FROM account AS a
        LEFT JOIN LATERAL (
            SELECT sum(abs(p.amount)) AS lately FROM posting AS p
            WHERE p.account_id = a.id AND sign(p.amount) = sign(a.balance)
                AND p.recorded_at >= clock() - interval '1 day'
        ) AS p ON true
        WHERE a.kind = 'suspense' AND abs(a.balance) > coalesce(p.lately, 0)
        """,
    ),
    Invariant(
        "I15",
        "what may not be passed on went from and to its issuer, and packets gave what may be given",
        """
        SELECT format('transaction %s passes on %s', p.txn_id, p.asset)
        FROM posting AS p
        JOIN asset AS s ON s.code = p.asset AND NOT s.transferable
        LEFT JOIN account AS a ON a.id = p.account_id
        WHERE a.kind IS DISTINCT FROM 'issuer'
        GROUP BY p.txn_id, p.asset HAVING min(p.amount) < 0 AND max(p.amount) > 0
        UNION ALL
        SELECT format('packet %s gives %s', k.id, k.asset)
        FROM packet AS k LEFT JOIN asset AS s ON s.code = k.asset
        WHERE s.giftable IS NOT TRUE OR (s.class = 'paid_credit' AND k.mode <> 'equal')
        UNION ALL
        SELECT format('account %s counts %s, which nobody declared', a.id, a.asset)
        FROM account AS a WHERE NOT EXISTS (SELECT FROM asset AS s WHERE s.code = a.asset)
        """,
    ),
    Invariant(
        "I16",
        "nothing crosses from one network to another, nor from one batch to another",
        """
        SELECT format('posting %s/%s', p.txn_id, p.leg)
        FROM posting AS p
        JOIN txn AS t ON t.id = p.txn_id
        JOIN account AS a ON a.id = p.account_id
        WHERE p.network <> t.network OR p.network <> a.network OR p.asset <> a.asset
            OR p.recorded_at <> t.recorded_at
        """,
    ),
    Invariant(
        "I17",
        "reputation that moved by a transfer says whose it is and why, and moved as it says",
        """
        SELECT format('transaction %s moves %s without a merit', t.id, p.asset)
        FROM txn AS t
        JOIN posting AS p ON p.txn_id = t.id
        JOIN asset AS s ON s.code = p.asset AND s.class = 'reputation'
        JOIN account AS a ON a.id = p.account_id AND a.kind = 'member'
        WHERE t.kind = 'transfer' AND NOT EXISTS (SELECT FROM merit AS m WHERE m.txn_id = t.id)
        UNION ALL
        SELECT format('merit %s of %s: %s', m.txn_id, m.member, m.amount)
        FROM merit AS m LEFT JOIN txn AS t ON t.id = m.txn_id
        WHERE t.kind IS DISTINCT FROM 'transfer' OR t.recorded_at <> m.recorded_at OR NOT EXISTS (
            SELECT FROM posting AS p JOIN account AS a ON a.id = p.account_id
            WHERE p.txn_id = m.txn_id AND p.amount = m.amount AND p.asset = m.asset
                AND a.network = m.network AND a.path = 'member:' || m.member
        )
        """,
    ),
    Invariant(
        "I20",
        "a standing is told of whom has earned or lost reputation there, and from what was booked",
        """
        SELECT format('standing of %s in %s: %s', s.member, s.group_id, s.standing)
        FROM standing AS s
        WHERE s.upto_txn > (SELECT coalesce(max(id), 0) FROM txn) OR NOT EXISTS (
            SELECT FROM merit AS m
            WHERE m.network = s.network AND m.asset = s.asset AND m.member = s.member
                AND m.group_id = s.group_id AND m.txn_id <= s.upto_txn
        )
        """,
    ),
)
