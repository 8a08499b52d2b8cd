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
)
