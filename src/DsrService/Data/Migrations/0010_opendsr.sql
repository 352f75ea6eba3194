-- Processors that speak OpenDSR: what they ask for, what they sign with, and what they were asked under which id.
ALTER TABLE dsr.connected_systems
    ADD COLUMN "authorization" bytea,
    ADD COLUMN certificates text;

CREATE TABLE dsr.opendsr_requests (
    id            uuid PRIMARY KEY,
    task_id       uuid NOT NULL UNIQUE REFERENCES dsr.tasks ON DELETE CASCADE DEFERRABLE INITIALLY DEFERRED,
    created_at    timestamptz NOT NULL,
    taken_at      timestamptz,
    status        text,
    cancelled_at  timestamptz
);
