CREATE TABLE dsr.letter_versions (
    id        uuid PRIMARY KEY,
    hash      text NOT NULL,
    files     text NOT NULL,
    taken_at  timestamptz NOT NULL
);
