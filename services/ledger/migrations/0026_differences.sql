-- Differences: a payment that came in with another amount than was asked for.
--
-- It is in suspense, and refunded or, on a second person's word, accepted as it came. What came in
-- is what its one capture says, whatever was asked for.

SET LOCAL lock_timeout = '5s';
SET LOCAL statement_timeout = '60s';

-- squawk-ignore ban-drop-constraint -- wider ones take their places, which no old row can break
ALTER TABLE payment DROP CONSTRAINT payment_is_captured_whole, DROP CONSTRAINT payment_state_is_known;
ALTER TABLE payment
    ADD CONSTRAINT payment_captures_something CHECK (captured >= 0) NOT VALID,
    ADD CONSTRAINT payment_state_is_known CHECK (
        state IN (
            'asked', 'failed', 'captured', 'differs', 'refunded_part', 'refunded', 'disputed',
            'won', 'lost'
        )
    ) NOT VALID,
    ADD CONSTRAINT payment_differs_by_something CHECK (
        state <> 'differs' OR (captured <> amount AND payee = 'suspense')
    ) NOT VALID;

-- squawk-ignore ban-drop-constraint -- a wider one takes its place, which no old row can break
ALTER TABLE payment_step DROP CONSTRAINT payment_step_is_known;
ALTER TABLE payment_step ADD CONSTRAINT payment_step_is_known CHECK (
    what IN (
        'asked', 'linked', 'captured', 'accepted', 'failed', 'refund_asked', 'refunded',
        'refund_failed', 'dispute_opened', 'dispute_dropped', 'disputed', 'dispute_lost',
        'dispute_won'
    )
) NOT VALID;

-- squawk-ignore ban-drop-constraint -- a wider one takes its place, which no old row can break
ALTER TABLE payout_request DROP CONSTRAINT payout_request_what_is_known;
ALTER TABLE payout_request ADD CONSTRAINT payout_request_what_is_known CHECK (
    what IN ('transfer', 'send_packet', 'place_hold', 'write_off', 'accept_payment')
) NOT VALID;
