# What run.sh and test.sh share. Sourced, never run.

root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
export DOTNET_CLI_TELEMETRY_OPTOUT=1 DOTNET_NOLOGO=1 DOTNET_SKIP_FIRST_TIME_EXPERIENCE=1 MSBUILDDISABLENODEREUSE=1
[ -w "${HOME:-}" ] || export DOTNET_CLI_HOME=$root/artifacts/home NUGET_PACKAGES=$root/artifacts/home/packages

say() { printf '%s\n' "$*"; }

fail() {
  printf '%s: %s\n' "${0##*/}" "$*" >&2
  exit 1
}

is_root() { [ "$(id -u)" -eq 0 ]; }

# Where the newest Postgres server has its programs; Debian keeps them off the path.
postgres_programs() {
  local found
  found=$(ls -d /usr/lib/postgresql/*/bin/postgres 2>/dev/null | sort -t/ -k5 -n | tail -n 1)
  [ -n "$found" ] || found=$(command -v postgres) || return 1
  dirname "$found"
}

# Whether that Debian package, or the same from elsewhere, is here.
is_here() {
  case $1 in
    postgresql) postgres_programs >/dev/null ;;
    tzdata) [ -e /usr/share/zoneinfo/Europe/Stockholm ] ;;
    rabbitmq-server) [ -x /usr/lib/rabbitmq/bin/rabbitmq-server ] ;;
    nodejs) command -v node >/dev/null ;;
    chromium) [ -x /usr/bin/chromium ] ;;
    python3-aiosmtpd) /usr/bin/python3 -c 'import aiosmtpd' 2>/dev/null ;;
    *) command -v "$1" >/dev/null ;;
  esac
}

# need PACKAGE...: installs what is missing as root, or says what to install.
need() {
  command -v dotnet >/dev/null || fail "install the .NET SDK $(sdk_version) first: https://dot.net"
  (cd "$root" && dotnet --version >/dev/null 2>&1) || fail "the .NET SDK $(sdk_version) is needed; here are: $(dotnet --list-sdks | tr '\n' ' ')"
  local package missing=()
  for package; do is_here "$package" || missing+=("$package"); done
  [ ${#missing[@]} -gt 0 ] || return 0
  is_root && command -v apt-get >/dev/null || fail "please install: ${missing[*]} (Debian: sudo apt-get install ${missing[*]})"
  say "Installing ${missing[*]}"
  apt_install "${missing[@]}" || fail "could not install ${missing[*]}"
  for package in "${missing[@]}"; do is_here "$package" || fail "$package is installed but not found"; done
}

sdk_version() { sed -n 's/.*"version": *"\([^"]*\)".*/\1/p' "$root/global.json" | head -n 1; }

# Installs without letting packages start servers of their own: we start private ones.
apt_install() (
  policy=/usr/sbin/policy-rc.d
  if [ ! -e "$policy" ]; then
    printf '#!/bin/sh\nexit 101\n' > "$policy"
    chmod +x "$policy"
    trap 'rm -f "$policy"' EXIT
  fi
  export DEBIAN_FRONTEND=noninteractive
  log=$(mktemp)
  if ! { apt-get update && apt-get install -y --no-install-recommends "$@"; } > "$log" 2>&1; then
    tail -n 20 "$log" >&2
    rm -f "$log"
    exit 1
  fi
  rm -f "$log"
)
