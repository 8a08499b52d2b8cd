-- What was booked by mistake is taken back by a transaction of its own, once: `reverses` names it.

SET LOCAL lock_timeout = '5s';
SET LOCAL statement_timeout = '60s';

-- squawk-ignore ban-drop-constraint -- a wider one takes its place, which no old row can break
ALTER TABLE txn DROP CONSTRAINT txn_kind_is_known;
ALTER TABLE txn ADD CONSTRAINT txn_kind_is_known CHECK (
    kind IN ('transfer', 'grant', 'packet_open', 'packet_claim', 'packet_close', 'reversal')
) NOT VALID;
