-- A packet of a rain says how much the whole rain is, and of how many packets.
--
-- Who sent a rain gave all of it at once: what counts packets counts one, of the whole total.

SET LOCAL lock_timeout = '5s';
SET LOCAL statement_timeout = '60s';

ALTER TABLE packet
    ADD COLUMN rain_total bigint NOT NULL DEFAULT 0,
    ADD COLUMN rain_drops bigint NOT NULL DEFAULT 0;
COMMENT ON COLUMN packet.rain_total IS 'Of all its packets together; 0: it is alone.';
COMMENT ON COLUMN packet.rain_drops IS 'How many packets it has; 0: it is alone.';

UPDATE packet AS p SET rain_total = whole.total, rain_drops = whole.drops
FROM (
    SELECT rain, sum(total)::bigint AS total, count(*) AS drops
    FROM packet WHERE rain <> '' GROUP BY rain
) AS whole
WHERE p.rain = whole.rain;

ALTER TABLE packet ADD CONSTRAINT packet_rain_is_whole CHECK (
    (rain <> '') = (rain_drops > 1) AND (rain_drops = 0 OR rain_total > total)
) NOT VALID;
