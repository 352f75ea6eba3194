-- Pushing: the webhook secret before the present one, while a system learns the new; and until when a system that failed too often is left alone.
ALTER TABLE dsr.connected_systems
    ADD COLUMN former_webhook_secret bytea,
    ADD COLUMN former_webhook_until timestamptz,
    ADD COLUMN circuit_open_until timestamptz;
