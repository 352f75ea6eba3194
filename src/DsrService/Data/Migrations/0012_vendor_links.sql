-- Links without account by which a vendor sees and answers what waits at one system, and how far a task has come with its vendor.
CREATE TABLE dsr.vendor_links (
    id          uuid PRIMARY KEY,
    controller  text NOT NULL REFERENCES dsr.controllers DEFERRABLE INITIALLY DEFERRED,
    system      text NOT NULL,
    contact     text NOT NULL,
    token_hash  bytea NOT NULL UNIQUE,
    notice_id   uuid NOT NULL,
    created_at  timestamptz NOT NULL,
    expires_at  timestamptz NOT NULL,
    seen_at     timestamptz
);
CREATE INDEX vendor_links_by_system ON dsr.vendor_links (controller, system, created_at);

ALTER TABLE dsr.tasks
    ADD COLUMN vendor_told_at timestamptz,
    ADD COLUMN vendor_note bytea,
    ADD COLUMN escalated_at timestamptz;

-- Personal data is seen by staff or by who holds a vendor's link.
ALTER TABLE dsr.access_log
    ALTER COLUMN staff_id DROP NOT NULL,
    ADD COLUMN vendor_link uuid,
    ADD CONSTRAINT access_log_by_one CHECK (num_nonnulls(staff_id, vendor_link) = 1);
