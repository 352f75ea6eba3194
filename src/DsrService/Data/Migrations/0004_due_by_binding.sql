DROP INDEX dsr.tasks_due;
CREATE INDEX tasks_due ON dsr.tasks (binding, next_attempt_at) WHERE next_attempt_at IS NOT NULL;
