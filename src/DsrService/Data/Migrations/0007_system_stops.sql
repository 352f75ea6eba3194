-- A stop holds for systems without credentials too (worked by hand, read by mapping), so it has a table of its own.
CREATE TABLE dsr.system_stops (
    controller  text NOT NULL REFERENCES dsr.controllers DEFERRABLE INITIALLY DEFERRED,
    system      text NOT NULL,
    since       timestamptz NOT NULL,
    stopped_by  uuid REFERENCES dsr.staff,
    reason      text,
    PRIMARY KEY (controller, system)
);
INSERT INTO dsr.system_stops (controller, system, since) SELECT controller, system, now() FROM dsr.connected_systems WHERE stopped;
ALTER TABLE dsr.connected_systems DROP COLUMN stopped;
