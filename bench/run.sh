#!/usr/bin/env bash
# Measures what the stages cost. The servers run in a process of their own; their CPU does not count.
#
#   bench/run.sh transform [EVENTS]   staged chunks to Parquet, in batches of 10,000
#   bench/run.sh whole [EVENTS] [PACK]  from SQS to Parquet, PACK events a message
#   bench/run.sh large [EVENTS]       one batch of all of them, ten events a message
#   bench/run.sh cold                 a new process, one batch of 1,000 events
#
# STAGE_FLAGS are the JVM's for the process that is measured.
set -euo pipefail
home=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
cd "$home"
flags=${STAGE_FLAGS:--XX:+UseSerialGC -Xmx192m}
classpath="bench/target/classes:local/target/classes:local/target/lib/*"
common=(--enable-native-access=ALL-UNNAMED --sun-misc-unsafe-memory-access=allow -Dorg.slf4j.simpleLogger.defaultLogLevel=off)

coproc SERVERS { exec "$JAVA_HOME/bin/java" -Xmx12g "${common[@]}" -cp "$classpath" dev.sluice.bench.Servers; }
trap 'exec {SERVERS[1]}>&-; wait' EXIT
read -r -u "${SERVERS[0]}" -a endpoints

stages() {
  # shellcheck disable=SC2086
  "$JAVA_HOME/bin/java" $flags "${common[@]}" -Dengine.memory="${ENGINE_MEMORY:-250MB}" -cp "$classpath" dev.sluice.bench.Stages "${endpoints[@]}" "$@"
}

case "${1:-}" in
  transform)
    stages stage "${2:-1000000}" 1 10000
    stages run 10 10000
    ;;
  whole)
    pack=${3:-10}
    stages send "${2:-1000000}" "$pack"
    stages run 1 $((10000 / pack))
    ;;
  large)
    stages stage "${2:-1000000}" 10 10000
    ENGINE_MEMORY=${ENGINE_MEMORY:-800MB} stages run 0 1000000
    ;;
  cold)
    stages stage 1000 1 1000
    stages run 0 1000
    ;;
  *)
    sed -n '2,11p' "$0" >&2
    exit 2
    ;;
esac
