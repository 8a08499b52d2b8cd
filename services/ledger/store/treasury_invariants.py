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
        WHERE (r.what <> 'set_approval' AND (r.state = 'approved') IS DISTINCT FROM (
                (i.txn_id IS NOT NULL OR i.hold_id IS NOT NULL) AND i.amount = r.amount
            )) OR (r.state = 'approved' AND r.decided_by = r.asked_by)
            OR (r.state IN ('approved', 'rejected') AND i.key IS NULL)
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
    Invariant(
        "I24",
        "what is left of a payment is in the parts that held when it came in, to the last unit",
        """
        WITH part AS (
            SELECT s.payment_id, p.captured - p.returned AS rest, u.account, u.share, u.place
            FROM payment_split AS s JOIN payment AS p ON p.id = s.payment_id
            CROSS JOIN LATERAL unnest(s.accounts, s.shares)
                WITH ORDINALITY AS u (account, share, place)
        ), due AS (
            SELECT payment_id, account,
                whole + (turn <= rest - sum(whole) OVER (PARTITION BY payment_id))::int AS amount
            FROM (
                SELECT payment_id, account, rest, div(rest::numeric * share, 10000) AS whole,
                    row_number() OVER (PARTITION BY payment_id
                        ORDER BY mod(rest::numeric * share, 10000) DESC, place) AS turn
                FROM part
            ) AS floored
        ), got AS (
            SELECT s.payment_id, CASE a.kind WHEN 'receivable'
                THEN substr(a.path, length('receivable:') + 1) ELSE a.path END AS account,
                sum(o.amount) AS amount
            FROM payment_split AS s
            JOIN payment_step AS t ON t.payment_id = s.payment_id
            JOIN posting AS o ON o.txn_id = t.txn_id
            JOIN account AS a ON a.id = o.account_id AND a.kind <> 'provider'
            GROUP BY 1, 2
        )
        SELECT format('payment %s: %s has %s, of it %s is due', payment_id, account,
            coalesce(got.amount, 0), coalesce(due.amount, 0))
        FROM due FULL JOIN got USING (payment_id, account)
        WHERE coalesce(got.amount, 0) <> coalesce(due.amount, 0) AND NOT EXISTS (
            SELECT FROM got AS waiting
            WHERE waiting.payment_id = coalesce(due.payment_id, got.payment_id)
                AND waiting.account = 'suspense' AND waiting.amount <> 0
                AND (due.account IS NOT NULL OR got.account = 'suspense')
        )
        UNION ALL
        SELECT format('payment %s is split by rule %s, which says otherwise', s.payment_id,
            s.rule_id)
        FROM payment_split AS s
        JOIN payment AS p ON p.id = s.payment_id
        LEFT JOIN split_rule AS r ON r.id = s.rule_id AND r.network = p.network
            AND r.group_id IN (p.group_id, '') AND r.purpose IN (p.purpose, '')
        WHERE r.id IS NULL OR EXISTS (
            (SELECT * FROM unnest(r.accounts, r.shares) AS said (account, share)
                WHERE account <> p.destination)
            EXCEPT SELECT * FROM unnest(s.accounts, s.shares)
        ) OR EXISTS (
            (SELECT * FROM unnest(s.accounts, s.shares) AS made (account, share)
                WHERE account <> p.destination)
            EXCEPT SELECT * FROM unnest(r.accounts, r.shares)
        )
        UNION ALL
        SELECT format('payment %s came in for %s, and was not split by rule %s', p.id,
            p.destination, r.id)
        FROM payment AS p
        JOIN payment_step AS t ON t.payment_id = p.id AND t.what = 'captured'
        JOIN split_rule AS r ON r.network = p.network AND r.group_id IN (p.group_id, '')
            AND r.purpose IN (p.purpose, '') AND cardinality(r.accounts) > 0
            AND r.said_at < t.recorded_at
        WHERE split_part(p.destination, ':', 1) IN ('treasury', 'group', 'network', 'house')
            AND p.captured = p.amount
            AND NOT EXISTS (SELECT FROM payment_split AS s WHERE s.payment_id = p.id)
            AND NOT EXISTS (
                SELECT FROM split_rule AS newer
                WHERE newer.network = r.network AND newer.group_id = r.group_id
                    AND newer.purpose = r.purpose AND newer.version > r.version
                    AND newer.said_at <= t.recorded_at
            )
        """,
    ),
    Invariant(
        "I25",
        "what was paid for was not given to others before it had matured, as was said by then",
        """
        SELECT format('transaction %s leaves %s of %s with %s, where %s is young', t.id,
            gift.balance_after, gift.asset, a.path, young.amount)
        FROM asset AS s
        JOIN maturity_rule AS r ON r.asset = s.code
        JOIN account AS a ON a.network = r.network AND a.asset = s.code
        JOIN posting AS gift ON gift.account_id = a.id AND gift.amount < 0
            AND gift.recorded_at > r.said_at
        JOIN txn AS t ON t.id = gift.txn_id AND (t.kind = 'packet_open' OR (
            t.kind = 'transfer' AND a.kind = 'member' AND EXISTS (
                SELECT FROM posting AS o JOIN account AS other ON other.id = o.account_id
                WHERE o.txn_id = t.id AND o.amount > 0 AND other.kind = 'member'
            )
        ))
        CROSS JOIN LATERAL (
            SELECT sum(lot.amount) AS amount FROM (
                SELECT greatest(sum(o.amount), 0) AS amount
                FROM posting AS o
                JOIN txn AS paid ON paid.id = o.txn_id AND paid.kind = 'payment'
                JOIN payment_step AS c
                    ON c.payment_id = split_part(paid.key, ':', 2) AND c.what = 'captured'
                WHERE o.account_id = a.id AND o.account_version < gift.account_version
                    AND c.recorded_at > gift.recorded_at - make_interval(hours => 24 * r.days::int)
                GROUP BY c.payment_id
            ) AS lot
        ) AS young
        WHERE s.class = 'paid_credit' AND gift.balance_after < young.amount AND NOT EXISTS (
            SELECT FROM maturity_rule AS newer
            WHERE newer.network = r.network AND newer.asset = r.asset
                AND newer.version > r.version AND newer.said_at <= gift.recorded_at
        )
        """,
    ),
    Invariant(
        "I26",
        "a debt moves by payments, or is borne by the house as a second person approved",
        """
        SELECT format('transaction %s takes %s from %s, which nobody approved', t.id, o.amount,
            a.path)
        FROM account AS a
        JOIN posting AS o ON o.account_id = a.id
        JOIN txn AS t ON t.id = o.txn_id
        WHERE a.kind = 'receivable' AND t.kind <> 'payment' AND NOT EXISTS (
            SELECT FROM payout_request AS r
            JOIN inbox AS i ON i.network = r.network AND i.key = r.decided_key
            JOIN posting AS borne ON borne.txn_id = t.id AND borne.amount = -r.amount
            JOIN account AS b ON b.id = borne.account_id AND b.path = r.account
            WHERE t.kind = 'write_off' AND r.what = 'write_off' AND r.state = 'approved'
                AND r.amount = o.amount AND i.txn_id = t.id
        )
        UNION ALL
        SELECT format('transaction %s writes off no debt', t.id)
        FROM txn AS t WHERE t.kind = 'write_off' AND NOT EXISTS (
            SELECT FROM posting AS o JOIN account AS a ON a.id = o.account_id
            WHERE o.txn_id = t.id AND a.kind = 'receivable'
        )
        """,
    ),
    Invariant(
        "I27",
        "limits, budgets, maturity, splits and accounts of one person are as was said last",
        """
        WITH entry AS (
            SELECT id, network, deed, said, recorded_at FROM audit_entry
            WHERE deed IN (
                'set_approval', 'set_budget', 'set_maturity', 'set_split', 'set_identity'
            )
        ), kept AS (
            SELECT 'set_approval' AS deed, network, asset, said_at,
                jsonb_build_object('account', account, 'above', coalesce(above, 0),
                    'ended', above IS NULL) AS said
            FROM approval_limit
            UNION ALL
            SELECT 'set_maturity', network, asset, said_at, jsonb_build_object('days', days)
            FROM maturity_rule
            UNION ALL
            SELECT 'set_identity', network, '', said_at,
                jsonb_build_object('member', member, 'identity', identity)
            FROM person_account
            UNION ALL
            SELECT 'set_split', network, '', said_at, jsonb_build_object('group', group_id,
                'purpose', purpose, 'parts', coalesce((
                    SELECT jsonb_agg(jsonb_build_object('account', account, 'share', share)
                        ORDER BY place)
                    FROM unnest(accounts, shares) WITH ORDINALITY AS u (account, share, place)
                ), '[]'))
            FROM split_rule
        ), meant (deed, blank) AS (
            VALUES ('set_approval', '{"above": 0, "ended": false}'::jsonb),
                ('set_maturity', '{"days": 0}'),
                ('set_identity', '{"identity": ""}'),
                ('set_split', '{"group": "", "purpose": "", "parts": []}')
        )
        SELECT format('%s of %s says %s, which nobody said', k.deed, k.network, k.said)
        FROM kept AS k JOIN meant AS m USING (deed)
        WHERE NOT EXISTS (
            SELECT FROM entry AS e
            WHERE e.deed = k.deed AND e.network = k.network AND e.recorded_at = k.said_at
                AND coalesce(e.said->>'asset', '') IN (k.asset, '')
                AND m.blank || (e.said - 'why' - 'asset') = k.said
        )
        UNION ALL
        SELECT format('budget of %s in %s by %s is %s, which nobody said', b.account, b.asset,
            b.period, b.amount)
        FROM budget AS b
        WHERE NOT EXISTS (
            SELECT FROM entry AS e
            WHERE e.deed = 'set_budget' AND e.network = b.network
                AND e.said->>'account' = b.account AND e.said->>'period' = b.period
                AND coalesce(e.said->>'asset', '') IN (b.asset, '')
                AND coalesce((e.said->>'amount')::bigint, 0) = b.amount
                AND NOT EXISTS (
                    SELECT FROM entry AS later
                    WHERE later.id > e.id AND later.deed = e.deed AND later.network = e.network
                        AND later.said->>'account' = b.account
                        AND later.said->>'period' = b.period AND coalesce(later.said->>'asset', '')
                            IN (b.asset, coalesce(e.said->>'asset', ''))
                )
        )
        """,
    ),
)
