#!/usr/bin/env bash
# Runs everything on this machine: a private Postgres, the service and the demo's connected systems. README.md says more.
set -euo pipefail
. "$(dirname "${BASH_SOURCE[0]}")/lib.sh"

usage() {
  cat <<'END'
deploy/run.sh [--port 8080] [--data .dsr]
  --port PORT    where to serve, on loopback only
  --data FOLDER  where all data is kept; may exist and hold other files
A Postgres of your own is used in place of a private one if DSR_DATABASE holds its connection string.
END
}

port=8080
data=$root/.dsr
while [ $# -gt 0 ]; do
  case $1 in
    --port | --data)
      [ $# -gt 1 ] || { usage >&2; exit 2; }
      declare "${1#--}=$2"
      shift 2
      ;;
    --port=* | --data=*)
      option=${1%%=*}
      declare "${option#--}=${1#*=}"
      shift
      ;;
    -h | --help) usage; exit 0 ;;
    *) usage >&2; exit 2 ;;
  esac
done
[[ $port =~ ^[0-9]{1,5}$ ]] && ((10#$port >= 1 && 10#$port <= 65535)) || fail "--port $port is not a port"
[ -n "$data" ] || fail "--data is empty"

# Postgres refuses root: it runs as the owner of its folder.
as_postgres() {
  if is_root; then
    setpriv --reuid="$(stat -c %u "$cluster")" --regid="$(stat -c %g "$cluster")" --clear-groups -- "$@"
  else
    "$@"
  fi
}

is_alive() { kill -0 "$1" 2>/dev/null && ! grep -q '^State:.Z' "/proc/$1/status" 2>/dev/null; }

# Stops what was started once its input closes: at our end, and the kernel closes it even if we get a SIGKILL.
guard() {
  trap '' INT TERM HUP
  cd /
  local name value child='' programs='' cluster='' socket=''
  while read -r name value; do printf -v "$name" %s "$value"; done
  if [ -n "$child" ]; then
    kill -TERM "$child" 2>/dev/null || true
    for ((i = 0; i < 150; i++)); do is_alive "$child" && sleep 0.1 || break; done
    kill -KILL "$child" 2>/dev/null || true
  fi
  if [ -n "$cluster" ]; then as_postgres "$programs/pg_ctl" -D "$cluster" -m fast -s -w stop; fi
  if [ -n "$socket" ]; then rm -rf -- "$socket"; fi
}

stop() {
  trap '' INT TERM HUP
  trap - EXIT
  exec 8>&-
  wait "$guard" 2>/dev/null || true
  exit "$1"
}

# step COMMAND...: waits for it in a way that lets signals through, and neither lock nor guard are held by it.
step() {
  local status=0
  "$@" 8>&- 9>&- &
  say "child $!" >&8
  wait $! || status=$?
  say "child " >&8
  return $status
}

find_cluster() {
  # Postgres may not be allowed into a folder below somebody's home: then its data lies elsewhere, and we note where.
  cluster=$data/postgres
  if [ -s "$data/postgres.path" ]; then cluster=$(cat "$data/postgres.path"); fi
  mkdir -p "$cluster"
  if is_root && [ "$(stat -c %u "$cluster")" -eq 0 ]; then
    id postgres >/dev/null 2>&1 || fail "there is no user postgres to run Postgres as, and it refuses root"
    chown postgres: "$cluster"
  fi
  if ! (cd / && as_postgres test -w "$cluster"); then
    is_root || fail "$cluster belongs to another user"
    rmdir "$cluster" || fail "user postgres may not enter $cluster"
    cluster=$(mktemp -d /var/lib/dsr-XXXXXXXX)
    chown postgres: "$cluster"
    say "$cluster" > "$data/postgres.path"
  fi
  chmod 700 "$cluster"
}

make_cluster() {
  rm -rf "$cluster/new" "$cluster/data"
  as_postgres "$programs/initdb" -D "$cluster/new" -U dsr -A trust -E UTF8 --locale=C.UTF-8 --no-instructions > /dev/null
  mv "$cluster/new" "$cluster/data"
}

start_postgres() {
  local version
  find_cluster
  cd "$cluster"
  [ -s data/PG_VERSION ] || make_cluster
  version=$(cat data/PG_VERSION)
  if [ -x "/usr/lib/postgresql/$version/bin/postgres" ]; then programs=/usr/lib/postgresql/$version/bin; fi
  [[ $("$programs/postgres" --version) == *") $version"[.\ ]* ]] || fail "the data in $cluster need Postgres $version"
  say "programs $programs" >&8

  # After a SIGKILL the server may still run, or its process id may by now be somebody else's.
  if [ -e data/postmaster.pid ]; then
    if [ "$(readlink "/proc/$(head -n 1 data/postmaster.pid)/cwd" 2>/dev/null)" = "$(readlink -f data)" ]; then
      as_postgres "$programs/pg_ctl" -D "$cluster/data" -m fast -s -w stop
    fi
    rm -f data/postmaster.pid
  fi

  # The path of a socket is short and plain.
  socket=$cluster
  if [ ${#socket} -gt 80 ] || [[ $socket =~ [^A-Za-z0-9/._-] ]]; then
    socket=$(mktemp -d /tmp/dsr-XXXXXXXX)
    if is_root; then chown --reference="$cluster" "$socket"; fi
    say "socket $socket" >&8
  fi
  say "cluster $cluster/data" >&8
  as_postgres "$programs/pg_ctl" -D "$cluster/data" -l "$cluster/log" -s -w -t 60 \
    -o "-c listen_addresses='' -c unix_socket_directories='$socket' -c logging_collector=off" start 8>&- 9>&- \
    || { tail -n 20 "$cluster/log" >&2; fail "Postgres did not start"; }
  "$programs/psql" -h "$socket" -U dsr -d postgres -XtAc "SELECT 1 FROM pg_database WHERE datname = 'dsr'" | grep -q 1 \
    || "$programs/createdb" -h "$socket" -U dsr dsr
  database="Host=$socket;Username=dsr;Database=dsr"
}

if [ -n "${DSR_DATABASE:-}" ]; then need tzdata; else need postgresql tzdata; fi
mkdir -p "$data"
data=$(cd "$data" && pwd -P)
exec 9> "$data/run.lock"
if ! flock -n 9; then
  say "Waiting for another run on $data to end"
  flock -w 30 9 || fail "another run is using $data"
fi
if (exec 3<> "/dev/tcp/127.0.0.1/$port") 2>/dev/null; then fail "port $port is taken: choose another with --port"; fi

programs=$(postgres_programs || true)
exec 8> >(guard)
guard=$!
trap 'stop $?' EXIT
trap 'stop 0' INT TERM HUP

database=${DSR_DATABASE:-}
if [ -z "$database" ]; then start_postgres; fi

say "Building"
step dotnet build "$root/src/DsrService.Demo" -c Release -v q --disable-build-servers -p:RunAnalyzers=false > "$data/build.log" 2>&1 \
  || { grep -E 'error|warn' "$data/build.log" | sort -u | head -n 20 >&2; fail "the build failed; all of it is in $data/build.log"; }

umask 077
mkdir -p "$data/files" "$data/keys"
export ASPNETCORE_URLS=http://127.0.0.1:$port ConnectionStrings__Dsr=$database
export Dsr__PublicAddress=http://127.0.0.1:$port Dsr__Files=$data/files Dsr__Keys=$data/keys
export Dsr__DataMaps=${Dsr__DataMaps:-$root/deploy/datamaps} Demo__Output=$data/demo.json
unset DSR_DATABASE
# For the program's commands beside the running service: `. FILE`.
{
  printf 'export DSR_DATABASE=%q Dsr__Keys=%q\n' "$database" "$Dsr__Keys"
  printf 'export Dsr__DataMaps=%q\n' "$Dsr__DataMaps"
} > "$data/settings.sh"

# The demo brings its database up to date itself, before anything else.
cd "$root/artifacts/bin/DsrService.Demo/release"
status=0
step dotnet DsrService.Demo.dll || status=$?
fail "the service ended with $status"
