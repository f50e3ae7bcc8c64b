#!/usr/bin/env bash
# Repeatedly runs `sluice up` and kills it with SIGKILL at random times, while `sluice send` sends every event
# a second time and is killed at random as well; events whose send failed are sent again. At the end the tables
# must be equal, row by row, to those of a run without kills.
#
#   tests/kill.sh [EVENTS] [KILLS] [SEED]        (default: 20000 30 and a new random seed; about five minutes)
set -euo pipefail
events=${1:-20000}
kills=${2:-30}
seed=${3:-$RANDOM}
RANDOM=$seed
home=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
generate=generate # the command that generates sample events
work=$(mktemp -d)
code=1
up=
send=
cleanup() {
  for process in $up $send; do kill -9 "$process" 2>/dev/null || true; done
  if [ "$code" = 0 ]; then rm -rf "$work"; else echo "The files of this run are in $work"; fi
}
trap cleanup EXIT
sluice() { "$home/sluice" "$@"; }

# Waits until `sluice up` prints a line that matches $1; fails after $2 seconds or when it ends.
prints() {
  local deadline=$((SECONDS + $2))
  until grep -q "$1" "$work/up.log"; do
    if ! kill -0 "$up" || [ "$SECONDS" -gt "$deadline" ]; then return 1; fi
    sleep 0.1
  done
}

end_send() {
  if wait "$send" 2>/dev/null; then sent=$((sent + 1)); else failed=$((failed + 1)); fi
  send=
}

sluice "$generate" "$work" --events "$events"
# With small batches many kills happen during a batch.
cp -r "$home/pipelines" "$work/pipelines"
sed -i.bak 's/max_messages: [0-9]*/max_messages: 100/' "$work/pipelines/orders/pipeline.yaml"

mkdir "$work/slices"
split -l 200 "$work/events.jsonl" "$work/slices/"
slices=("$work"/slices/*)

fill() {
  sluice reference orders customers "$work/customers.csv" --data "$1" >/dev/null
  sluice reference orders rates "$work/rates.csv" --data "$1" >/dev/null
  sluice send orders "$work/events.jsonl" --data "$1"
}

dump() {
  for table in orders payments shipments; do
    sluice query "SELECT * EXCLUDE (message_id, batch) FROM orders.$table ORDER BY ALL" --format csv --data "$1" >"$1.$table"
  done
  # Each message with an invalid event has a row, so an event that was sent twice has at least two.
  sluice query "SELECT reason, reasons, detail, event_id, text, count(*) >= 2 FROM orders.quarantine GROUP BY ALL ORDER BY ALL" --format csv --data "$1" >"$1.quarantine"
  sluice query "SELECT count(*) = max(sequence) AND sum(received) >= 2 * $events AND sum(received) = sum(loaded + quarantined + duplicate + filtered)
    AND sum(loaded) = (SELECT count(*) FROM orders.orders) + (SELECT count(*) FROM orders.payments) + (SELECT count(*) FROM orders.shipments)
    AND sum(quarantined) = (SELECT count(*) FROM orders.quarantine) AS passed FROM orders.receipts" --format csv --data "$1" | tail -n 1 | tr -d '\r' >"$1.invariants"
}

echo "Without kills:"
fill "$work/undisturbed"
sluice send orders "${slices[@]}" --data "$work/undisturbed" >/dev/null
sluice tick orders --until-empty --data "$work/undisturbed" | tail -n 3
dump "$work/undisturbed"

echo "With $kills kills, seed $seed:"
fill "$work/killed"
batches=0
sent=0
failed=0
published=1
for ((kill = 1; kill <= kills; kill++)); do
  # DuckDB unpacks its library into this folder, and a killed process does not delete it.
  mkdir -p "$work/tmp"
  : >"$work/up.log"
  JDK_JAVA_OPTIONS=-Djava.io.tmpdir=$work/tmp "$home/sluice" up --every 1s --pipelines "$work/pipelines" --data "$work/killed" >"$work/up.log" 2>&1 &
  up=$!
  # One in eight is killed while it starts, the others some time after they have started.
  if [ $((RANDOM % 8)) != 0 ] || [ "$published" = 0 ]; then
    if ! prints '^Ctrl-C' 120; then
      cat "$work/up.log"
      exit 1
    fi
    if [ "$sent" -lt ${#slices[@]} ]; then
      "$home/sluice" send orders "${slices[sent]}" --data "$work/killed" >"$work/send.log" 2>&1 &
      send=$!
      # In the second half of the kills, force one failed and one successful send if there was none yet.
      if [ "$kill" -gt $((kills / 2)) ] && [ "$failed" = 0 ]; then
        kill -9 "$send"
        end_send
      elif [ "$kill" -gt $((kills / 2)) ] && [ "$sent" = 0 ]; then
        end_send
      fi
    fi
    # Three attempts that are killed in a row park a chunk. So if the last process published no batch, wait for
    # one, unless no work is left.
    if [ "$published" = 0 ]; then prints '^ *[0-9]' 15 || true; fi
  fi
  sleep "$((RANDOM % 6)).$((RANDOM % 10))"
  kill -9 "$up"
  wait "$up" 2>/dev/null || true
  up=
  if [ -n "$send" ]; then
    if [ $((RANDOM % 2)) = 0 ]; then kill -9 "$send" 2>/dev/null || true; fi
    end_send
  fi
  rm -rf "$work/tmp"
  published=$(grep -c '^ *[0-9]' "$work/up.log" || true)
  batches=$((batches + published))
  printf '.'
done
echo
echo "$batches batches were published between the kills; $sent slices of 200 events were sent meanwhile; $failed sends failed"
if [ "$sent" -lt ${#slices[@]} ]; then
  sluice send orders "${slices[@]:sent}" --data "$work/killed" >/dev/null
fi
# Unpark chunks that three killed attempts parked.
sluice parked orders --format csv --data "$work/killed" | tail -n +2 | tr -d '\r' >"$work/parked"
cat "$work/parked"
while IFS=, read -r chunk _; do sluice unpark orders "$chunk" --data "$work/killed"; done <"$work/parked"
sluice tick orders --until-empty --data "$work/killed" | tail -n 2
dump "$work/killed"

ids() { grep -o '"event_id":"[^"]*"' | sort; }

code=0
if [ "$batches" -lt $((kills / 4)) ] || [ "$sent" = 0 ] || [ "$failed" = 0 ]; then
  echo "Too few batches or sends for $kills kills: the test proves nothing"
  code=1
fi
# Compare the ids that were sent with those that arrived, without code of Sluice.
ids <"$work/events.jsonl" | uniq >"$work/sent.ids"
for table in orders payments shipments; do
  sluice query "SELECT '\"event_id\":\"' || event_id || '\"' AS id FROM orders.$table" --format csv --data "$work/killed"
done | sed 's/""/"/g' | ids >"$work/loaded.ids"
sed 's/""/"/g' "$work/killed.quarantine" | ids | cat - "$work/loaded.ids" | sort -u >"$work/arrived.ids"
if [ -n "$(uniq -d "$work/loaded.ids")$(comm -3 "$work/sent.ids" "$work/arrived.ids")" ]; then
  echo "Duplicate, lost or unknown events:"
  uniq -d "$work/loaded.ids" | head -n 5
  comm -3 "$work/sent.ids" "$work/arrived.ids" | head -n 5
  code=1
else
  echo "All $(wc -l <"$work/sent.ids") ids that were sent, and no others, are in a table once or in quarantine"
fi
for part in orders payments shipments quarantine invariants; do
  if cmp -s "$work/undisturbed.$part" "$work/killed.$part"; then
    echo "$part: equal ($(($(wc -l <"$work/undisturbed.$part") - 1)) rows)"
  else
    echo "$part: DIFFERENT"
    code=1
    diff "$work/undisturbed.$part" "$work/killed.$part" | head -n 10 || true
  fi
done
if [ "$(cat "$work/killed.invariants")" != true ]; then
  echo "Violated: received = loaded + quarantined + duplicate + filtered, or sequences without gaps"
  code=1
fi
sluice parked orders --data "$work/killed"
exit "$code"
