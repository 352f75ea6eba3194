-- What a person is known by since a rectification, beside what it took the place of: what is in force for the one holds for the other.
CREATE TABLE dsr.identifier_successions (
    id          uuid PRIMARY KEY,
    controller  text NOT NULL REFERENCES dsr.controllers DEFERRABLE INITIALLY DEFERRED,
    kind        text NOT NULL,
    hash        bytea NOT NULL,
    former_hash bytea NOT NULL,
    request_id  uuid NOT NULL,
    since       timestamptz NOT NULL,
    UNIQUE (controller, kind, hash, former_hash)
);
CREATE INDEX identifier_successions_by_former ON dsr.identifier_successions (controller, kind, former_hash);
