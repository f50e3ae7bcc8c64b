#!/usr/bin/env bash
# stop.sh DIR: stops what start.sh started in DIR, and whatever that started.
set -euo pipefail
dir=$(cd "$1" && pwd)

# Its children's ids: they carry the mark in their environment.
left() {
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
# By the mark, for another process may have got the id since.
# Without -q, for a grep that ends early breaks the pipe.
if left | grep -xF "$(cat "$dir/pid")" >/dev/null; then kill "$(cat "$dir/pid")"; fi
for _ in $(seq 60); do
  [ -n "$(left)" ] || break
  sleep 0.5
done
# DynamoDB Local outlives a LocalStack that was killed.
for pid in $(left); do
  echo "localstack: process $pid did not end by itself" >&2
  kill -9 "$pid" 2>/dev/null || true
done
rm -f "$dir/pid"
