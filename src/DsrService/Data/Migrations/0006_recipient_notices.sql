ALTER TABLE dsr.notices ADD COLUMN recipient text;
CREATE UNIQUE INDEX notices_recipient_once ON dsr.notices (request_id, recipient) WHERE recipient IS NOT NULL;
ALTER TABLE dsr.notices ADD COLUMN queued_at timestamptz;
UPDATE dsr.notices SET queued_at = created_at;
ALTER TABLE dsr.notices ALTER COLUMN queued_at SET DEFAULT now(), ALTER COLUMN queued_at SET NOT NULL;
ALTER TABLE dsr.requests ADD COLUMN recipients_written text;
