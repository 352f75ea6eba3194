-- Read as they were written and never searched: taken apart and put together again they cost several times as much to read.
ALTER TABLE dsr.requests ALTER COLUMN plan TYPE json USING plan::text::json;
ALTER TABLE dsr.tasks ALTER COLUMN scope TYPE json USING scope::text::json, ALTER COLUMN items TYPE json USING items::text::json;

-- What no question asks for needs no statistics, and most of a row is sealed.
ALTER TABLE dsr.requests ALTER COLUMN plan SET STATISTICS 0, ALTER COLUMN intake SET STATISTICS 0, ALTER COLUMN plan_answers SET STATISTICS 0,
    ALTER COLUMN answer SET STATISTICS 0, ALTER COLUMN data_key SET STATISTICS 0, ALTER COLUMN audit_head SET STATISTICS 0;
ALTER TABLE dsr.tasks ALTER COLUMN scope SET STATISTICS 0, ALTER COLUMN items SET STATISTICS 0, ALTER COLUMN messages SET STATISTICS 0;
ALTER TABLE dsr.receipts ALTER COLUMN body SET STATISTICS 0;
ALTER TABLE dsr.audit_entries ALTER COLUMN facts SET STATISTICS 0, ALTER COLUMN previous SET STATISTICS 0, ALTER COLUMN hash SET STATISTICS 0;
ALTER TABLE dsr.identifiers ALTER COLUMN value SET STATISTICS 0;

-- A receipt belongs to its task's request, and goes with it; a controller stays. Checking both again for each row locked one
-- row of controllers for everybody.
ALTER TABLE dsr.receipts DROP CONSTRAINT receipts_request_id_fkey;
ALTER TABLE dsr.subject_states DROP CONSTRAINT subject_states_controller_fkey;
