"""What always holds of the house's money, asked of the tables."""

from ledger.store.invariants import Invariant

TREASURY_INVARIANTS = (
    Invariant(
        "I22",
        "what is spent of a budget is what left the account in its period, since it was said",
        """
        SELECT format('budget of %s in %s by %s: %s spent, %s to %s left it', b.account, b.asset,
            b.period, b.spent, coalesce(l.least, 0), coalesce(l.most, 0))
        FROM budget AS b
        LEFT JOIN LATERAL (
            SELECT sum(gone.amount) AS most,
                sum(gone.amount) FILTER (WHERE gone.recorded_at > b.said_at) AS least
            FROM (
                SELECT -p.amount AS amount, p.recorded_at
                FROM account AS a
                JOIN posting AS p ON p.account_id = a.id AND p.amount < 0
                JOIN txn AS t ON t.id = p.txn_id AND t.kind IN ('transfer', 'packet_open')
                WHERE a.network = b.network AND a.path = b.account AND a.asset = b.asset
                UNION ALL
                SELECT h.amount, h.placed_at FROM hold AS h
                WHERE h.network = b.network AND h.account = b.account AND h.asset = b.asset
            ) AS gone
            WHERE gone.recorded_at >= greatest(b.since_at, b.said_at)
                AND gone.recorded_at < b.renews_at
        ) AS l ON true
        WHERE b.amount > 0 AND (b.spent < coalesce(l.least, 0) OR b.spent > coalesce(l.most, 0))
        """,
    ),
    Invariant(
        "I23",
        "what a second person approved was booked by that decision, and what is above a limit"
        " was approved",
        """
        SELECT format('request %s of %s, %s by %s: %s', r.id, r.asked_by, r.state, r.decided_by,
            coalesce(i.amount, 0))
        FROM payout_request AS r
        LEFT JOIN inbox AS i ON i.network = r.network AND i.key = r.decided_key AND i.code = ''
        WHERE (r.state = 'approved') IS DISTINCT FROM (
                (i.txn_id IS NOT NULL OR i.hold_id IS NOT NULL) AND i.amount = r.amount
            ) OR (r.state = 'approved' AND r.decided_by = r.asked_by)
            OR (r.state = 'rejected' AND i.key IS NULL)
        UNION ALL
        SELECT format('request %s was not asked for', r.id)
        FROM payout_request AS r LEFT JOIN inbox AS i ON i.network = r.network AND i.key = r.key
        WHERE i.code IS DISTINCT FROM 'approval_needed'
        UNION ALL
        SELECT format('transaction %s takes %s from %s, which nobody approved', t.id, -p.amount,
            l.account)
        FROM approval_limit AS l
        JOIN account AS a ON a.network = l.network AND a.path = l.account AND a.asset = l.asset
        JOIN posting AS p ON p.account_id = a.id AND -p.amount > l.above
            AND p.recorded_at > l.said_at
        JOIN txn AS t ON t.id = p.txn_id AND t.kind IN ('transfer', 'packet_open')
        WHERE NOT EXISTS (
            SELECT FROM payout_request AS r
            JOIN inbox AS i ON i.network = r.network AND i.key = r.decided_key
            WHERE r.network = l.network AND r.account = l.account AND r.state = 'approved'
                AND i.body_hash = t.body_hash
        )
        UNION ALL
        SELECT format('hold %s keeps %s of %s, which nobody approved', h.id, h.amount, h.account)
        FROM approval_limit AS l
        JOIN hold AS h ON h.network = l.network AND h.account = l.account AND h.asset = l.asset
            AND h.amount > l.above AND h.placed_at > l.said_at
        WHERE NOT EXISTS (
            SELECT FROM payout_request AS r
            JOIN inbox AS i ON i.network = r.network AND i.key = r.decided_key
            WHERE r.state = 'approved' AND i.hold_id = h.id
        )
        """,
    ),
)
