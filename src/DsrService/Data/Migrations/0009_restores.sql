-- What was done at a system, for as long as a backup of it may undo it. Sealed under a key of its own.
CREATE TABLE dsr.redo_records (
    task_id        uuid PRIMARY KEY,
    request_id     uuid NOT NULL,
    controller     text NOT NULL REFERENCES dsr.controllers DEFERRABLE INITIALLY DEFERRED,
    system         text NOT NULL,
    action         text NOT NULL,
    first_done_at  timestamptz NOT NULL,
    done_at        timestamptz NOT NULL,
    expires_on     date NOT NULL,
    data_key       bytea NOT NULL,
    data_key_id    text NOT NULL,
    content        bytea NOT NULL
);
CREATE INDEX redo_records_by_system ON dsr.redo_records (controller, system, done_at);
CREATE INDEX redo_records_by_end ON dsr.redo_records (expires_on);

CREATE TABLE dsr.restores (
    id           uuid PRIMARY KEY,
    controller   text NOT NULL REFERENCES dsr.controllers DEFERRABLE INITIALLY DEFERRED,
    system       text NOT NULL,
    restored_to  timestamptz NOT NULL,
    stated_at    timestamptz NOT NULL,
    stated_by    uuid NOT NULL REFERENCES dsr.staff,
    UNIQUE (controller, system, restored_to)
);
ALTER TABLE dsr.tasks ADD COLUMN redoes uuid, ADD COLUMN redo_after uuid, ADD COLUMN restore uuid REFERENCES dsr.restores;
CREATE INDEX tasks_by_restore ON dsr.tasks (restore) WHERE restore IS NOT NULL;
