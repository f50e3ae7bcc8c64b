#!/usr/bin/env bash
# stop.sh DIR: stops the LocalStack that start.sh started in DIR, and its child processes.
set -euo pipefail
dir=$(cd "$1" && pwd)

# The ids of its processes: their environment contains SLUICE_LOCALSTACK.
remaining() {
  local environ pid
  for environ in /proc/[0-9]*/environ; do
    pid=${environ#/proc/}
    pid=${pid%/environ}
    if [ "$pid" != $$ ] && [ "$pid" != "$BASHPID" ] && tr '\0' '\n' <"$environ" 2>/dev/null | grep -xF "SLUICE_LOCALSTACK=$dir" >/dev/null; then
      echo "$pid"
    fi
  done 2>/dev/null
}

[ -e "$dir/pid" ] || exit 0
# Checked by the variable, because the id may belong to another process now.
# Without -q, because an early end of grep would break the pipe.
if remaining | grep -xF "$(cat "$dir/pid")" >/dev/null; then kill "$(cat "$dir/pid")"; fi
for _ in $(seq 60); do
  [ -n "$(remaining)" ] || break
  sleep 0.5
done
# DynamoDB Local keeps running after LocalStack was killed.
for pid in $(remaining); do
  echo "localstack: process $pid did not stop; killing it" >&2
  kill -9 "$pid" 2>/dev/null || true
done
rm -f "$dir/pid"
