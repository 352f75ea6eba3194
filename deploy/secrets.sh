#!/usr/bin/env bash
# Makes the secrets of docker-compose.yml, once. What is there stays: passwords are in the databases by then.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")"
umask 077
mkdir -p secrets
cd secrets

# Files are read by the users of the containers; nobody else gets into the folder.
keep() { [ -s "$1" ] || { cat > "$1" && chmod 444 "$1"; }; }
password() { openssl rand -hex 24; }

# RabbitMQ's own form: base64 of four bytes of salt and the SHA-256 of salt and password.
broker_hash() {
  local salt
  salt=$(openssl rand -hex 4 | sed 's/../\\x&/g')
  { printf "$salt"; { printf "$salt"; printf %s "$1"; } | openssl dgst -sha256 -binary; } | openssl base64 -A
}

user() { printf '{"name":"%s","password_hash":"%s","hashing_algorithm":"rabbit_password_hashing_sha256","tags":[]}' "$1" "$(broker_hash "$2")"; }
rights() { printf '{"user":"%s","vhost":"/","configure":"%s","write":"%s","read":"%s"}' "$@"; }

password | keep postgres_password
password | keep demo_password
password | keep demo_broker_password
printf 'Host=postgres;Database=dsr;Username=dsr;Password=%s\n' "$(cat postgres_password)" | keep database
printf 'Host=postgres;Database=demo;Username=demo;Password=%s\n' "$(cat demo_password)" | keep demo_database
printf 'amqp://dsr:%s@rabbitmq:5672/\n' "$(password)" | keep bus

# A system reads its own queue and writes answers; the service tells who sent them by the account.
if [ ! -s broker_definitions ]; then
  service=$(sed 's/.*dsr:\(.*\)@.*/\1/' bus)
  users=$(user dsr "$service")
  permissions=$(rights dsr '.*' '.*' '.*')
  answers='dsr[.]service[.](accepted|heartbeat|receipt|failure)'
  # Those that the data maps reach over the bus.
  for account in \
    toontrack.{webshop,support-forum} \
    source-elements.{accounts,contacts} \
    djmixersoft.members \
    soundspectrum.{customers,mailing} \
    emastered.{accounts,social-logins,forum}; do
    queue="dsr[.]${account//./[.]}([.]states)?"
    users+=,$(user "$account" "$(cat demo_broker_password)")
    permissions+=,$(rights "$account" "^($queue|$answers)\$" "^($queue|$answers)\$" "^$queue\$")
  done
  printf '{"rabbit_version":"3.13.0","vhosts":[{"name":"/"}],"users":[%s],"permissions":[%s]}\n' "$users" "$permissions" | keep broker_definitions
fi
