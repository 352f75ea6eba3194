ALTER TABLE dsr.kept_items
    ADD COLUMN erasure uuid,
    ADD COLUMN ended_at timestamptz;
DROP INDEX dsr.kept_items_by_end;
CREATE INDEX kept_items_by_end ON dsr.kept_items (until) WHERE ended_at IS NULL;
CREATE INDEX kept_items_by_erasure ON dsr.kept_items (erasure) WHERE ended_at IS NULL;
