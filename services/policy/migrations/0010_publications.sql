-- Whose rulebooks are whose: by which networks' keys a text was published.
--
-- The text is one row whoever publishes it, and what is in force or tried in a network is shown to
-- its keys anyway. An empty network: by a key that is limited to none, as all were until now.

CREATE TABLE publication (
    digest  text NOT NULL REFERENCES rulebook (digest),
    network text NOT NULL,
    PRIMARY KEY (network, digest)
);

INSERT INTO publication (digest, network) SELECT digest, '' FROM rulebook;
