#!/usr/bin/env bash
# Runs `sluice up` and kills it with SIGKILL at random moments, over and over, on a queue that is full
# and is filled again meanwhile, by `sluice send`s that are killed as well: whoever cannot be sure that
# something was sent sends it again. The tables must come out equal, row for row, to a run that nobody
# disturbed.
#
#   tests/kill.sh [EVENTS] [KILLS] [SEED]        (default: 20000 30 and a fresh seed of the moments; about five minutes)
set -euo pipefail
events=${1:-20000}
kills=${2:-30}
seed=${3:-$RANDOM}
RANDOM=$seed
home=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
work=$(mktemp -d)
code=1
up=
send=
tidy() {
  for left in $up $send; do kill -9 "$left" 2>/dev/null || true; done
  if [ "$code" = 0 ]; then rm -rf "$work"; else echo "what is left is in $work"; fi
}
trap tidy EXIT
sluice() { "$home/sluice" "$@"; }

# Whether `sluice up` prints a line like $1 within $2 seconds.
prints() {
  local deadline=$((SECONDS + $2))
  until grep -q "$1" "$work/up.log"; do
    if ! kill -0 "$up" || [ "$SECONDS" -gt "$deadline" ]; then return 1; fi
    sleep 0.1
  done
}

end_send() {
  if wait "$send" 2>/dev/null; then sent=$((sent + 1)); else again=$((again + 1)); fi
  send=
}

sluice made-up "$work" --events "$events"
# Small batches, so that many kills fall into the middle of one.
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
  # Every message that carries a bad event has a row, so one that was sent again has another.
  sluice query "SELECT reason, reasons, detail, event_id, text, count(*) >= 2 FROM orders.quarantine GROUP BY ALL ORDER BY ALL" --format csv --data "$1" >"$1.quarantine"
  sluice query "SELECT count(*) = max(sequence) AND sum(received) >= 2 * $events AND sum(received) = sum(loaded + quarantined + duplicate + filtered)
    AND sum(loaded) = (SELECT count(*) FROM orders.orders) + (SELECT count(*) FROM orders.payments) + (SELECT count(*) FROM orders.shipments)
    AND sum(quarantined) = (SELECT count(*) FROM orders.quarantine) AS lawful FROM orders.receipts" --format csv --data "$1" | tail -n 1 | tr -d '\r' >"$1.laws"
}

echo "undisturbed:"
fill "$work/calm"
sluice send orders "${slices[@]}" --data "$work/calm" >/dev/null
sluice tick orders --until-empty --data "$work/calm" | tail -n 3
dump "$work/calm"

echo "with $kills kills, seed $seed:"
fill "$work/killed"
batches=0
sent=0
again=0
published=1
for ((kill = 1; kill <= kills; kill++)); do
  # DuckDB unpacks its library there, and who is killed does not tidy up.
  mkdir -p "$work/tmp"
  : >"$work/up.log"
  JDK_JAVA_OPTIONS=-Djava.io.tmpdir=$work/tmp "$home/sluice" up --every 1s --pipelines "$work/pipelines" --data "$work/killed" >"$work/up.log" 2>&1 &
  up=$!
  # One in eight dies while it starts. The others' time counts from when they are up, however slow the machine is.
  if [ $((RANDOM % 8)) != 0 ] || [ "$published" = 0 ]; then
    if ! prints '^Ctrl-C' 120; then
      cat "$work/up.log"
      exit 1
    fi
    if [ "$sent" -lt ${#slices[@]} ]; then
      "$home/sluice" send orders "${slices[sent]}" --data "$work/killed" >"$work/send.log" 2>&1 &
      send=$!
      # One that fails and one that goes well, if half of the kills have not brought it about.
      if [ "$kill" -gt $((kills / 2)) ] && [ "$again" = 0 ]; then
        kill -9 "$send"
        end_send
      elif [ "$kill" -gt $((kills / 2)) ] && [ "$sent" = 0 ]; then
        end_send
      fi
    fi
    # What three lives in a row do not survive is parked, so after one without a batch the next has one, if
    # there is anything left.
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
echo "$batches batches were published under fire; $sent slices of 200 events were sent meanwhile, $again attempts at one failed"
if [ "$sent" -lt ${#slices[@]} ]; then
  sluice send orders "${slices[@]:sent}" --data "$work/killed" >/dev/null
fi
# What three deaths parked all the same, an operator brings back.
sluice parked orders --format csv --data "$work/killed" | tail -n +2 | tr -d '\r' >"$work/parked"
cat "$work/parked"
while IFS=, read -r chunk _; do sluice unpark orders "$chunk" --data "$work/killed"; done <"$work/parked"
sluice tick orders --until-empty --data "$work/killed" | tail -n 2
dump "$work/killed"

ids() { grep -o '"event_id":"[^"]*"' | sort; }

code=0
if [ "$batches" -lt $((kills / 4)) ] || [ "$sent" = 0 ] || [ "$again" = 0 ]; then
  echo "too little went on for $kills kills: they hit nothing"
  code=1
fi
# What was sent, and what became of it: counted without any code of Sluice's.
ids <"$work/events.jsonl" | uniq >"$work/sent.ids"
for table in orders payments shipments; do
  sluice query "SELECT '\"event_id\":\"' || event_id || '\"' AS id FROM orders.$table" --format csv --data "$work/killed"
done | sed 's/""/"/g' | ids >"$work/loaded.ids"
sed 's/""/"/g' "$work/killed.quarantine" | ids | cat - "$work/loaded.ids" | sort -u >"$work/arrived.ids"
if [ -n "$(uniq -d "$work/loaded.ids")$(comm -3 "$work/sent.ids" "$work/arrived.ids")" ]; then
  echo "events twice, lost, or from nowhere:"
  uniq -d "$work/loaded.ids" | head -n 5
  comm -3 "$work/sent.ids" "$work/arrived.ids" | head -n 5
  code=1
else
  echo "all $(wc -l <"$work/sent.ids") ids that were sent are in a table once or in quarantine, and no other"
fi
for part in orders payments shipments quarantine laws; do
  if cmp -s "$work/calm.$part" "$work/killed.$part"; then
    echo "$part: equal ($(($(wc -l <"$work/calm.$part") - 1)) rows)"
  else
    echo "$part: DIFFERENT"
    code=1
    diff "$work/calm.$part" "$work/killed.$part" | head -n 10 || true
  fi
done
if [ "$(cat "$work/killed.laws")" != true ]; then
  echo "the laws are broken: received = loaded + quarantined + duplicate + filtered, sequences without gaps"
  code=1
fi
sluice parked orders --data "$work/killed"
exit "$code"
