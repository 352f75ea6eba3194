-- Requests that others bring in over OpenDSR: who may, what they brought under which id, and what they are still to be told.
CREATE TABLE dsr.opendsr_callers (
    controller       text NOT NULL REFERENCES dsr.controllers DEFERRABLE INITIALLY DEFERRED,
    caller           text NOT NULL,
    token_hash       bytea NOT NULL UNIQUE,
    callback_origin  text,
    created_at       timestamptz NOT NULL,
    PRIMARY KEY (controller, caller)
);

CREATE TABLE dsr.opendsr_inbound (
    controller          text NOT NULL,
    caller              text NOT NULL,
    subject_request_id  uuid NOT NULL,
    request_id          uuid NOT NULL UNIQUE REFERENCES dsr.requests ON DELETE CASCADE DEFERRABLE INITIALLY DEFERRED,
    body_hash           bytea NOT NULL,
    version             integer NOT NULL,
    vouched             boolean NOT NULL,
    received_at         timestamptz NOT NULL,
    expected_at         timestamptz NOT NULL,
    callbacks           text NOT NULL,
    told                text NOT NULL,
    PRIMARY KEY (controller, caller, subject_request_id)
);
CREATE INDEX opendsr_inbound_to_tell ON dsr.opendsr_inbound (request_id) WHERE told <> 'completed';

CREATE TABLE dsr.opendsr_callbacks (
    id               uuid PRIMARY KEY,
    request_id       uuid NOT NULL REFERENCES dsr.opendsr_inbound (request_id) ON DELETE CASCADE DEFERRABLE INITIALLY DEFERRED,
    url              text NOT NULL,
    status           text NOT NULL,
    state            text NOT NULL,
    created_at       timestamptz NOT NULL,
    attempt          integer NOT NULL,
    next_attempt_at  timestamptz,
    sent_at          timestamptz,
    last_error       text
);
CREATE INDEX opendsr_callbacks_due ON dsr.opendsr_callbacks (next_attempt_at) WHERE state = 'queued';
CREATE INDEX opendsr_callbacks_in_order ON dsr.opendsr_callbacks (request_id, url, id) WHERE state = 'queued';
