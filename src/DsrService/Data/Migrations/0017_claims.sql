-- In no index, and each page with room for its rows once more: a claim changes the row alone.
ALTER TABLE dsr.tasks ADD COLUMN claimed_until timestamptz;
ALTER TABLE dsr.tasks SET (fillfactor = 50);

-- A receipt is found by its task.
DROP INDEX dsr.receipts_by_request;
