-- One tree of settings: a place may say a part of a rulebook, and inherits the rest.
--
-- A layer is what a place says; its adoption names the whole text that came of it and of the layers
-- above. An adoption without a layer is of a rulebook that was published whole. Layers are never
-- changed: the newest adoption of a place says which is in force.

ALTER TABLE adoption
    ADD COLUMN platform text NOT NULL DEFAULT '', -- of a whole platform; empty for a group
    ADD COLUMN channel  text NOT NULL DEFAULT ''; -- of the group; empty: all of it

CREATE TABLE layer (
    adoption_id bigint PRIMARY KEY REFERENCES adoption (id),
    platform    text   NOT NULL, -- on which the place is; empty: the network, or nobody said
    source      text   NOT NULL
);
