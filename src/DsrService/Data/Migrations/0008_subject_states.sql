-- Restrictions, objections, suppressions and erasures that outlive their request: keyed hashes, never values.
CREATE TABLE dsr.subject_states (
    id          uuid PRIMARY KEY,
    controller  text NOT NULL REFERENCES dsr.controllers DEFERRABLE INITIALLY DEFERRED,
    state       text NOT NULL,
    kind        text NOT NULL,
    hash        bytea NOT NULL,
    system      text,
    purpose     text,
    categories  text,
    request_id  uuid NOT NULL,
    reference   text NOT NULL,
    since       timestamptz NOT NULL,
    ended_at    timestamptz
);
CREATE INDEX subject_states_in_force ON dsr.subject_states (controller, hash) WHERE ended_at IS NULL;
CREATE INDEX subject_states_by_request ON dsr.subject_states (request_id);

-- One row a question, whatever the answer, so that both take the same time.
CREATE TABLE dsr.subject_checks (
    id          uuid PRIMARY KEY,
    controller  text NOT NULL,
    system      text NOT NULL,
    asked_at    timestamptz NOT NULL,
    erasure     uuid
);
CREATE INDEX subject_checks_by_time ON dsr.subject_checks (asked_at);

CREATE TABLE dsr.reimports (
    id          uuid PRIMARY KEY,
    controller  text NOT NULL REFERENCES dsr.controllers DEFERRABLE INITIALLY DEFERRED,
    system      text NOT NULL,
    reference   text NOT NULL,
    sign        text NOT NULL,
    first_at    timestamptz NOT NULL,
    last_at     timestamptz NOT NULL,
    times       integer NOT NULL,
    ended_at    timestamptz,
    ended_by    uuid REFERENCES dsr.staff
);
CREATE UNIQUE INDEX reimports_open ON dsr.reimports (controller, system, reference) WHERE ended_at IS NULL;

CREATE TABLE dsr.state_announcements (
    id               uuid PRIMARY KEY,
    controller       text NOT NULL,
    system           text NOT NULL,
    message          jsonb NOT NULL,
    created_at       timestamptz NOT NULL,
    next_attempt_at  timestamptz NOT NULL,
    attempt          integer NOT NULL,
    last_error       text
);
CREATE INDEX state_announcements_due ON dsr.state_announcements (next_attempt_at);
