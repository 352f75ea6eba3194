-- References are checked at the commit: rows of one transaction may be written in any order.

CREATE TABLE dsr.installation (
    id              integer PRIMARY KEY CHECK (id = 1),
    clock_offset    interval NOT NULL,
    audit_sequence  integer NOT NULL,
    audit_head      bytea NOT NULL
);
INSERT INTO dsr.installation VALUES (1, interval '0', 0, '');

CREATE TABLE dsr.job_runs (
    name         text PRIMARY KEY,
    last_run_at  timestamptz NOT NULL
);

CREATE TABLE dsr.data_protection_keys (
    name    text PRIMARY KEY,
    xml     bytea NOT NULL,
    key_id  text NOT NULL
);

CREATE TABLE dsr.data_map_versions (
    id          uuid PRIMARY KEY,
    controller  text NOT NULL,
    hash        text NOT NULL,
    yaml        text NOT NULL,
    loaded_at   timestamptz NOT NULL,
    UNIQUE (controller, hash)
);

CREATE TABLE dsr.controllers (
    key               text PRIMARY KEY,
    data_map_version  uuid NOT NULL REFERENCES dsr.data_map_versions DEFERRABLE INITIALLY DEFERRED,
    hash_key          bytea NOT NULL,
    hash_key_id       text NOT NULL
);

CREATE TABLE dsr.connected_systems (
    controller      text NOT NULL REFERENCES dsr.controllers DEFERRABLE INITIALLY DEFERRED,
    system          text NOT NULL,
    address         text,
    token_hash      bytea NOT NULL UNIQUE,
    sealing_key     bytea NOT NULL,
    webhook_secret  bytea NOT NULL,
    key_id          text NOT NULL,
    stopped         boolean NOT NULL,
    last_answer_at  timestamptz,
    last_error_at   timestamptz,
    last_error      text,
    PRIMARY KEY (controller, system)
);

CREATE TABLE dsr.staff (
    id               uuid PRIMARY KEY,
    user_name        text NOT NULL UNIQUE,
    display_name     text NOT NULL,
    password_hash    text NOT NULL,
    active           boolean NOT NULL,
    failed_sign_ins  integer NOT NULL,
    locked_until     timestamptz,
    security_stamp   uuid NOT NULL
);

CREATE TABLE dsr.staff_grants (
    id          uuid PRIMARY KEY,
    staff_id    uuid NOT NULL REFERENCES dsr.staff ON DELETE CASCADE DEFERRABLE INITIALLY DEFERRED,
    controller  text NOT NULL,
    role        text NOT NULL,
    system      text,
    UNIQUE NULLS NOT DISTINCT (staff_id, controller, role, system),
    CHECK ((role = 'system-owner') = (system IS NOT NULL))
);

CREATE TABLE dsr.staff_tokens (
    id          uuid PRIMARY KEY,
    staff_id    uuid NOT NULL REFERENCES dsr.staff ON DELETE CASCADE DEFERRABLE INITIALLY DEFERRED,
    token_hash  bytea NOT NULL UNIQUE,
    created_at  timestamptz NOT NULL,
    expires_at  timestamptz
);

CREATE TABLE dsr.requests (
    id                     uuid PRIMARY KEY,
    reference              text NOT NULL UNIQUE,
    submission             uuid NOT NULL,
    controller             text NOT NULL,
    data_map_version       uuid NOT NULL REFERENCES dsr.data_map_versions DEFERRABLE INITIALLY DEFERRED,
    "right"                text NOT NULL,
    status                 text NOT NULL,
    language               text NOT NULL,
    country                text,
    channel                text NOT NULL,
    received_at            timestamptz NOT NULL,
    received_on            date NOT NULL,
    due_on                 date NOT NULL,
    due_end_at             timestamptz NOT NULL,
    internal_target        date NOT NULL,
    extended_to            date,
    extended_at            timestamptz,
    extension_reason       bytea,
    suspended_at           timestamptz,
    suspended_days         integer NOT NULL,
    waiting_for            text,
    on_hold                boolean NOT NULL,
    assignee               uuid REFERENCES dsr.staff DEFERRABLE INITIALLY DEFERRED,
    identity_confirmed_at  timestamptz,
    sender_hash            bytea,
    identity_reminders     integer NOT NULL,
    intake                 bytea NOT NULL,
    plan                   jsonb,
    approved_at            timestamptz,
    approved_by            uuid REFERENCES dsr.staff DEFERRABLE INITIALLY DEFERRED,
    plan_answers           bytea,
    answer                 bytea,
    refusal_ground         text,
    closed_at              timestamptz,
    data_key               bytea NOT NULL,
    data_key_id            text NOT NULL,
    audit_sequence         integer NOT NULL,
    audit_head             bytea NOT NULL
);
CREATE INDEX requests_open_by_due ON dsr.requests (due_end_at, id)
    WHERE status IN ('received', 'awaiting-identity', 'planned', 'in-progress', 'awaiting-decision');
CREATE INDEX requests_by_due ON dsr.requests (due_end_at, id);
CREATE INDEX requests_by_receipt ON dsr.requests (received_at, id);
CREATE INDEX requests_by_submission ON dsr.requests (submission);
CREATE INDEX requests_unconfirmed_by_sender ON dsr.requests (sender_hash, received_at) WHERE identity_confirmed_at IS NULL;
CREATE INDEX requests_unconfirmed ON dsr.requests (received_at) WHERE status = 'awaiting-identity';
CREATE INDEX requests_by_assignee ON dsr.requests (assignee) WHERE assignee IS NOT NULL;
CREATE INDEX requests_awaiting_package ON dsr.requests (due_end_at) WHERE waiting_for = 'package';
CREATE INDEX requests_by_key ON dsr.requests (data_key_id);

CREATE TABLE dsr.identifiers (
    id          uuid PRIMARY KEY,
    request_id  uuid NOT NULL REFERENCES dsr.requests ON DELETE CASCADE DEFERRABLE INITIALLY DEFERRED,
    controller  text NOT NULL,
    kind        text NOT NULL,
    value       bytea NOT NULL,
    hash        bytea NOT NULL,
    verified    boolean NOT NULL,
    source      text NOT NULL,
    UNIQUE (request_id, kind, hash)
);
CREATE INDEX identifiers_by_hash ON dsr.identifiers (hash, controller);

CREATE TABLE dsr.idempotency_keys (
    controller  text NOT NULL,
    key         text NOT NULL,
    body_hash   bytea NOT NULL,
    request_id  uuid NOT NULL REFERENCES dsr.requests ON DELETE CASCADE DEFERRABLE INITIALLY DEFERRED,
    answer      text NOT NULL,
    created_at  timestamptz NOT NULL,
    PRIMARY KEY (controller, key)
);
CREATE INDEX idempotency_keys_by_request ON dsr.idempotency_keys (request_id);

CREATE TABLE dsr.identity_links (
    id          uuid PRIMARY KEY,
    request_id  uuid NOT NULL REFERENCES dsr.requests ON DELETE CASCADE DEFERRABLE INITIALLY DEFERRED,
    token_hash  bytea NOT NULL UNIQUE,
    created_at  timestamptz NOT NULL,
    expires_at  timestamptz NOT NULL,
    used_at     timestamptz
);
CREATE INDEX identity_links_by_request ON dsr.identity_links (request_id);

CREATE TABLE dsr.access_tokens (
    token_hash  bytea PRIMARY KEY,
    request_id  uuid NOT NULL REFERENCES dsr.requests ON DELETE CASCADE DEFERRABLE INITIALLY DEFERRED,
    created_at  timestamptz NOT NULL,
    expires_at  timestamptz NOT NULL
);
CREATE INDEX access_tokens_by_request ON dsr.access_tokens (request_id);

CREATE TABLE dsr.tasks (
    id                uuid PRIMARY KEY,
    request_id        uuid NOT NULL REFERENCES dsr.requests ON DELETE CASCADE DEFERRABLE INITIALLY DEFERRED,
    controller        text NOT NULL,
    system            text NOT NULL,
    binding           text NOT NULL,
    action            text NOT NULL,
    preview           boolean NOT NULL,
    verifies          uuid REFERENCES dsr.tasks ON DELETE CASCADE DEFERRABLE INITIALLY DEFERRED,
    scope             jsonb NOT NULL,
    step              text NOT NULL,
    replaced_by       uuid REFERENCES dsr.tasks ON DELETE CASCADE DEFERRABLE INITIALLY DEFERRED,
    state             text NOT NULL,
    outcome           text,
    attempt           integer NOT NULL,
    next_attempt_at   timestamptz,
    created_at        timestamptz NOT NULL,
    sent_at           timestamptz,
    accepted_at       timestamptz,
    ended_at          timestamptz,
    since             timestamptz NOT NULL,
    last_error        text,
    items             jsonb,
    messages          bytea,
    handler           text,
    handled_at        timestamptz,
    set_aside_by      uuid REFERENCES dsr.staff DEFERRABLE INITIALLY DEFERRED,
    set_aside_reason  bytea
);
CREATE INDEX tasks_by_request ON dsr.tasks (request_id);
CREATE INDEX tasks_due ON dsr.tasks (next_attempt_at) WHERE next_attempt_at IS NOT NULL;
CREATE INDEX tasks_open_by_system ON dsr.tasks (controller, system, state) WHERE state IN ('planned', 'sent', 'accepted', 'failed');
CREATE UNIQUE INDEX tasks_one_verification ON dsr.tasks (verifies) WHERE verifies IS NOT NULL AND replaced_by IS NULL;

CREATE TABLE dsr.receipts (
    id            uuid PRIMARY KEY,
    task_id       uuid NOT NULL REFERENCES dsr.tasks ON DELETE CASCADE DEFERRABLE INITIALLY DEFERRED,
    request_id    uuid NOT NULL REFERENCES dsr.requests ON DELETE CASCADE DEFERRABLE INITIALLY DEFERRED,
    received_at   timestamptz NOT NULL,
    body          bytea NOT NULL,
    content_hash  bytea NOT NULL,
    verdict       text NOT NULL,
    UNIQUE (task_id, content_hash)
);
CREATE UNIQUE INDEX receipts_one_counts ON dsr.receipts (task_id) WHERE verdict = 'counted';
CREATE INDEX receipts_by_request ON dsr.receipts (request_id);

CREATE TABLE dsr.kept_items (
    id           uuid PRIMARY KEY,
    task_id      uuid NOT NULL,
    reference    text NOT NULL,
    controller   text NOT NULL,
    system       text NOT NULL,
    category     text NOT NULL,
    handle       text,
    count        integer NOT NULL,
    reason       text NOT NULL,
    legal_basis  text,
    until        date,
    recorded_at  timestamptz NOT NULL
);
CREATE INDEX kept_items_by_end ON dsr.kept_items (until);
CREATE INDEX kept_items_by_reference ON dsr.kept_items (reference);

CREATE TABLE dsr.files (
    id            uuid PRIMARY KEY,
    request_id    uuid NOT NULL REFERENCES dsr.requests ON DELETE CASCADE DEFERRABLE INITIALLY DEFERRED,
    task_id       uuid REFERENCES dsr.tasks ON DELETE CASCADE DEFERRABLE INITIALLY DEFERRED,
    part          text NOT NULL,
    category      text,
    content_type  text NOT NULL,
    length        bigint NOT NULL,
    records       integer NOT NULL,
    hash          bytea NOT NULL,
    created_at    timestamptz NOT NULL
);
CREATE UNIQUE INDEX files_one_part ON dsr.files (task_id, part) WHERE task_id IS NOT NULL;
CREATE UNIQUE INDEX files_one_package ON dsr.files (request_id) WHERE task_id IS NULL;
CREATE INDEX files_by_request ON dsr.files (request_id);

CREATE TABLE dsr.notices (
    id               uuid PRIMARY KEY,
    request_id       uuid NOT NULL REFERENCES dsr.requests ON DELETE CASCADE DEFERRABLE INITIALLY DEFERRED,
    kind             text NOT NULL,
    state            text NOT NULL,
    content          bytea NOT NULL,
    created_at       timestamptz NOT NULL,
    attempt          integer NOT NULL,
    next_attempt_at  timestamptz,
    sent_at          timestamptz,
    last_error       text
);
CREATE INDEX notices_by_request ON dsr.notices (request_id);
CREATE INDEX notices_due ON dsr.notices (next_attempt_at) WHERE next_attempt_at IS NOT NULL;

CREATE TABLE dsr.audit_entries (
    chain     text NOT NULL,
    sequence  integer NOT NULL,
    at        timestamptz NOT NULL,
    actor     text NOT NULL,
    event     text NOT NULL,
    facts     text NOT NULL,
    previous  bytea NOT NULL,
    hash      bytea NOT NULL,
    PRIMARY KEY (chain, sequence)
);

CREATE INDEX audit_entries_by_time ON dsr.audit_entries USING brin (at);

CREATE TABLE dsr.access_log (
    id          uuid PRIMARY KEY,
    at          timestamptz NOT NULL,
    staff_id    uuid NOT NULL,
    controller  text NOT NULL,
    request_id  uuid,
    what        text NOT NULL
);
CREATE INDEX access_log_by_request ON dsr.access_log (request_id, at);

CREATE FUNCTION dsr.refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION '% is append-only', TG_TABLE_NAME;
END $$;
CREATE TRIGGER audit_entries_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON dsr.audit_entries
    FOR EACH STATEMENT EXECUTE FUNCTION dsr.refuse_change();
CREATE TRIGGER access_log_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON dsr.access_log
    FOR EACH STATEMENT EXECUTE FUNCTION dsr.refuse_change();
