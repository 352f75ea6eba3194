#!/bin/sh
# The demo's systems have a database of their own, as systems of other companies would.
set -eu
psql -v ON_ERROR_STOP=1 -v password="$(cat /run/secrets/demo_password)" -U "$POSTGRES_USER" -d "$POSTGRES_DB" <<'END'
CREATE ROLE demo LOGIN PASSWORD :'password';
CREATE DATABASE demo OWNER demo;
END
