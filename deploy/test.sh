#!/usr/bin/env bash
# Restores as locked, builds, checks the formatting and runs every test but the long fault and load runs.
set -euo pipefail
. "$(dirname "${BASH_SOURCE[0]}")/lib.sh"

need postgresql rabbitmq-server chromium python3-aiosmtpd nodejs openssl tzdata
cd "$root"
logs=artifacts/test
rm -rf "$logs"
mkdir -p "$logs"

# quietly NAME COMMAND...: shows what it said only if it failed.
quietly() {
  local name=$1
  shift
  say "$name"
  "$@" > "$logs/step.log" 2>&1 || { grep -E 'error|warn' "$logs/step.log" | sort -u | head -n 40 >&2; fail "$name failed; all of it is in $logs/step.log"; }
}

quietly Restoring dotnet restore DsrService.sln --locked-mode --disable-build-servers
quietly Building dotnet build DsrService.sln --no-restore -v q --disable-build-servers
quietly "Checking whitespace" dotnet format whitespace DsrService.sln --no-restore --verify-no-changes
quietly "Checking style" dotnet format style DsrService.sln --no-restore --verify-no-changes --severity error

passed=0 failed=0 skipped=0
count() { sed -n "s/^ *$1: *\([0-9]*\)$/\1/p" "$2" | tail -n 1; }

for project in tests/*/*.csproj; do
  name=$(basename "$project" .csproj)
  [ "$name" != DsrService.Benchmarks ] || continue
  log=$logs/$name.log
  status=0
  started=$SECONDS
  timeout -k 10 780 dotnet "artifacts/bin/$name/debug/$name.dll" --progress off --no-ansi --filter 'TestCategory!=Long' > "$log" 2>&1 || status=$?
  succeeded=$(count succeeded "$log")
  lost=$(count failed "$log")
  if [ $status -ne 0 ]; then
    sed -n '/^failed /,$p' "$log" | head -n 200
    # A run that broke off, timed out or found no tests says nothing of failures: it is one.
    if [ "${lost:-0}" -eq 0 ]; then
      tail -n 20 "$log"
      lost=1
    fi
  fi
  say "$name: ${succeeded:-0} passed in $((SECONDS - started)) s"
  passed=$((passed + ${succeeded:-0})) failed=$((failed + ${lost:-0}))
  skipped=$((skipped + $(count skipped "$log" | grep . || echo 0)))
done

say "$passed passed, $failed failed, $skipped skipped"
[ $failed -eq 0 ] && [ $passed -gt 0 ]
