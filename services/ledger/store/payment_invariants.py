"""What always holds of payments, asked of the tables."""

from ledger.store.invariants import Invariant

PAYMENT_INVARIANTS = (
    Invariant(
        "I18",
        "a payment stands where the last words on it put it, and so do its postings",
        """
        WITH word AS (
            SELECT DISTINCT ON (s.payment_id, s.object, r.family)
                s.payment_id, s.object, s.what, s.amount
            FROM payment_step AS s JOIN (
                VALUES ('captured', 1, 1), ('failed', 4, 1), ('refund_asked', 2, 1),
                    ('refunded', 2, 2), ('refund_failed', 2, 3), ('dispute_opened', 3, 1),
                    ('dispute_dropped', 3, 2), ('disputed', 3, 3), ('dispute_lost', 3, 4),
                    ('dispute_won', 3, 5)
            ) AS r (what, family, rank) USING (what)
            ORDER BY s.payment_id, s.object, r.family, r.rank DESC
        ), stood AS (
            SELECT p.*, coalesce(w.came, 0) AS came,
                least(coalesce(w.came, 0), coalesce(w.gone, 0)) AS gone, w.failed, w.disputed,
                w.won, w.lost, w.came <> p.amount AND NOT EXISTS (
                    SELECT FROM payment_step AS s
                    WHERE s.payment_id = p.id AND s.what = 'accepted'
                ) AS differs
            FROM payment AS p LEFT JOIN (
                SELECT payment_id, sum(amount) FILTER (WHERE what = 'captured') AS came,
                    sum(amount) FILTER (
                        WHERE what IN ('refunded', 'disputed', 'dispute_lost')
                    ) AS gone,
                    bool_or(what = 'failed') AS failed, bool_or(what = 'disputed') AS disputed,
                    bool_or(what = 'dispute_won') AS won, bool_or(what = 'dispute_lost') AS lost
                FROM word GROUP BY payment_id
            ) AS w ON w.payment_id = p.id
        )
        SELECT format('payment %s: captured %s, returned %s, %s, but %s came and %s went back',
            id, captured, returned, state, came, gone)
        FROM stood
        WHERE captured <> came OR returned <> gone
            OR state <> CASE
                WHEN came = 0 THEN CASE WHEN failed THEN 'failed' ELSE 'asked' END
                WHEN lost THEN 'lost' WHEN disputed THEN 'disputed' WHEN won THEN 'won'
                WHEN differs AND gone < came THEN 'differs'
                WHEN gone = 0 THEN 'captured'
                WHEN gone = came THEN 'refunded' ELSE 'refunded_part'
            END
        UNION ALL
        SELECT format('payment %s: %s steps of %s', p.id, count(s.step), p.steps)
        FROM payment AS p LEFT JOIN payment_step AS s ON s.payment_id = p.id
        GROUP BY p.id
        HAVING count(s.step) <> p.steps OR max(s.step) <> p.steps OR count(*) FILTER (
            WHERE s.step = 1 AND s.what = 'asked' AND s.amount = p.amount
        ) <> 1
        UNION ALL
        SELECT format('payment %s: %s is left of it, %s with %s', p.id, p.captured - p.returned,
            -coalesce(sum(o.amount), 0), p.provider)
        FROM payment AS p
        LEFT JOIN payment_step AS s ON s.payment_id = p.id AND s.txn_id IS NOT NULL
        LEFT JOIN posting AS o ON o.txn_id = s.txn_id AND o.asset = p.asset AND EXISTS (
            SELECT FROM account AS a
            WHERE a.id = o.account_id AND a.path = 'provider:' || p.provider
        )
        GROUP BY p.id HAVING p.captured - p.returned + coalesce(sum(o.amount), 0) <> 0
        UNION ALL
        SELECT format('transaction %s moves money of a provider for no payment', t.id)
        FROM txn AS t
        WHERE (t.kind = 'payment' OR EXISTS (
            SELECT FROM posting AS o JOIN account AS a ON a.id = o.account_id
            WHERE o.txn_id = t.id AND a.kind = 'provider'
        )) AND NOT EXISTS (SELECT FROM payment_step AS s WHERE s.txn_id = t.id)
        """,
    ),
    Invariant(
        "I19",
        "every letter about a payment was answered, and is kept with its answer",
        """
        SELECT format('letter %s of %s: %s', w.event_id, w.provider, i.code)
        FROM webhook AS w
        LEFT JOIN inbox AS i ON i.network = w.network
            AND i.key = 'webhook:' || w.provider || ':' || w.event_id
        WHERE w.network <> '' AND i.code IS DISTINCT FROM w.code
        UNION ALL
        SELECT format('answer %s of %s has no letter', i.key, i.network)
        FROM inbox AS i
        WHERE starts_with(i.key, 'webhook:') AND i.code <> 'withdrawn' AND NOT EXISTS (
            SELECT FROM webhook AS w
            WHERE w.network = i.network AND 'webhook:' || w.provider || ':' || w.event_id = i.key
        )
        UNION ALL
        SELECT format('account %s %s has %s, which nobody owes', a.id, a.path, a.balance)
        FROM account AS a WHERE a.kind = 'receivable' AND a.balance > 0
        """,
    ),
    Invariant(
        "I21",
        "nothing is cashed out: to a provider goes what it or a dispute took back, and no more than"
        " it brought",
        """
        SELECT format('transaction %s gives %s to %s', o.txn_id, o.amount, a.path)
        FROM posting AS o JOIN account AS a ON a.id = o.account_id AND a.kind = 'provider'
        WHERE o.balance_after > 0 OR (o.amount > 0 AND NOT EXISTS (
            SELECT FROM payment_step AS s
            WHERE s.txn_id = o.txn_id AND s.what IN ('refunded', 'disputed', 'dispute_lost')
        ))
        """,
    ),
)
