ALTER TABLE dsr.requests
    ADD COLUMN relevant_on date,
    ADD COLUMN suspension_ground text,
    ADD COLUMN plan_reasons bytea,
    ADD COLUMN deadline_warnings integer NOT NULL DEFAULT 0;
CREATE INDEX requests_open_by_target ON dsr.requests (internal_target)
    WHERE status IN ('received', 'awaiting-identity', 'planned', 'in-progress', 'awaiting-decision');

CREATE TABLE dsr.holiday_files (
    id         uuid PRIMARY KEY,
    content    text NOT NULL,
    loaded_at  timestamptz NOT NULL
);

ALTER TABLE dsr.staff ADD COLUMN email text;
