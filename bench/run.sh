#!/usr/bin/env bash
# Measures the CPU time of the stages. The servers run in a separate process; their CPU time is not counted.
#
#   bench/run.sh transform [EVENTS]   staged chunks to Parquet, in batches of 10,000
#   bench/run.sh whole [EVENTS] [PACK]  from SQS to Parquet, PACK events per message
#   bench/run.sh large [EVENTS]       one batch with all events, ten events per message
#   bench/run.sh load [RATE] [MINUTES] [BACKLOG] [PACK]  RATE events per second after an initial BACKLOG, PACK events per message
#   bench/run.sh cold                 five new processes of the function's artifact, each with one batch of 1,000 events
#   bench/run.sh cold-primed          the same after the priming that precedes Lambda's snapshot
#   bench/run.sh cold-aot             the same with a JVM AOT cache, after a run that creates it
#
# STAGE_FLAGS are the JVM flags of the measured process, COLD_FLAGS the compiler flags of `cold`.
set -euo pipefail
home=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
cd "$home"
# The heap of the deployed function.
heap=$(grep -om1 'Heap: [0-9]*m' template.yaml)
flags=${STAGE_FLAGS:--XX:+UseSerialGC -Xmx${heap#Heap: }}
classpath="bench/target/classes:cli/target/lib/*"
common=(--enable-native-access=ALL-UNNAMED --sun-misc-unsafe-memory-access=allow -Dorg.slf4j.simpleLogger.defaultLogLevel=off)

coproc SERVERS { exec "$JAVA_HOME/bin/java" -Xmx12g "${common[@]}" -cp "$classpath" dev.sluice.bench.Servers; }
trap 'exec {SERVERS[1]}>&-; wait' EXIT
read -r -u "${SERVERS[0]}" -a endpoints

bench() {
  local class=$1
  shift
  # shellcheck disable=SC2086
  "$JAVA_HOME/bin/java" $flags "${common[@]}" -Dengine.memory="${ENGINE_MEMORY:-250MB}" -cp "$classpath" "dev.sluice.bench.$class" "${endpoints[@]}" "$@"
}

stages() { bench Stages "$@"; }

# Runs the function's artifact with Lambda's JVM flags. Arguments are additional flags.
cold() {
  local artifact=functions/transform/target/transform libraries
  libraries=$(printf '%s:' "$artifact"/lib/*.jar)
  STACK=bench PIPELINE=orders PIPELINES=$artifact/pipelines BUCKET=sluice LEDGER=sluice-ledger REFERENCE_PREFIX=orders- MEMORY_LIMIT=250MB \
    AWS_REGION=us-east-1 AWS_ACCESS_KEY_ID=local AWS_SECRET_ACCESS_KEY=local \
    AWS_ENDPOINT_URL_SQS=${endpoints[0]} AWS_ENDPOINT_URL_DYNAMODB=${endpoints[1]} AWS_ENDPOINT_URL_S3=${endpoints[2]} \
    "$JAVA_HOME/bin/java" -XX:+UseSerialGC ${COLD_FLAGS--XX:TieredStopAtLevel=1} "-Xmx${heap#Heap: }" "${common[@]}" \
    "$@" -cp "$libraries$(echo bench/target/sluice-bench-*.jar)" dev.sluice.bench.ColdTransform
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
  load)
    rate=${2:-2000} minutes=${3:-10} backlog=${4:-0} pack=${5:-10}
    [ "$backlog" = 0 ] || stages send "$backlog" "$pack"
    bench Sustained feed "$rate" $((minutes * 60)) "$pack" &
    feeder=$!
    bench Sustained follow $((minutes * 60)) $((rate * minutes * 60 + backlog))
    wait "$feeder"
    ;;
  cold | cold-primed)
    [ "$1" = cold ] || export AWS_LAMBDA_INITIALIZATION_TYPE=snap-start
    for _ in 1 2 3 4 5; do
      stages stage 1000 1 1000
      cold
      stages run 0 1000 >/dev/null
    done
    ;;
  cold-aot)
    cache=$(mktemp -u)
    for flags_of_cache in "-XX:AOTCacheOutput=$cache -Xlog:aot=off" "-XX:AOTCache=$cache"{,,,,}; do
      stages stage 1000 1 1000
      # shellcheck disable=SC2086
      cold $flags_of_cache 2>/dev/null
      stages run 0 1000 >/dev/null
    done
    du -m "$cache"
    rm -f "$cache"
    ;;
  *)
    sed -n '2,14p' "$0" >&2
    exit 2
    ;;
esac
