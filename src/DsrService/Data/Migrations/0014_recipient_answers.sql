-- Art. 19: what a recipient said that is written to, as staff put it on record.
ALTER TABLE dsr.notices
    ADD COLUMN answer text,
    ADD COLUMN answered_on date,
    ADD COLUMN answer_note bytea,
    ADD CONSTRAINT notices_answer CHECK ((answer IS NULL) = (answered_on IS NULL) AND (answer IS NULL OR recipient IS NOT NULL));
