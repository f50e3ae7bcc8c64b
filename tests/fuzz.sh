#!/usr/bin/env bash
# Coverage-guided fuzzing: ./sluice fuzz [MINUTES] [TARGET] (default: one minute for each target). An input that fails is
# added to the seed inputs of its target, which every build replays.
set -euo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
minutes=${1:-1}
only=${2:-}
if [[ ! $minutes =~ ^[1-9][0-9]*$ ]]; then
  echo "usage: ./sluice fuzz [MINUTES] [TARGET], where TARGET is one of" >&2
  find "$here/src/test" -name '*FuzzTest.java' -exec basename {} FuzzTest.java \; | sort >&2
  exit 2
fi
classpath=$here/target/test-classes:$(cat "$here/target/classpath")
found=0
matched=0

for source in "$here"/src/test/java/dev/sluice/*/*FuzzTest.java; do
  name=$(basename "$source" .java)
  package=$(basename "$(dirname "$source")")
  [ -z "$only" ] || [ "${only,,}" = "${name,,}" ] || [ "${only,,}fuzztest" = "${name,,}" ] || continue
  matched=1
  method=$(sed -n '/@FuzzTest/{n;s/.*void \([a-zA-Z]*\)(.*/\1/p;}' "$source")
  seeds=$here/src/test/resources/dev/sluice/$package/${name}Inputs/$method
  work=$here/../.sluice/fuzz/$name
  mkdir -p "$work/corpus" "$work/tmp"
  echo "== Fuzzing $name.$method for $minutes min, starting from $(find "$seeds" -type f | wc -l) seed inputs"
  (cd "$work" && "$JAVA_HOME/bin/java" -Xmx1g --enable-native-access=ALL-UNNAMED -XX:+EnableDynamicAgentLoading \
    --sun-misc-unsafe-memory-access=allow -Djava.io.tmpdir="$work/tmp" -cp "$classpath" \
    com.code_intelligence.jazzer.Jazzer --target_class="dev.sluice.$package.$name" --target_method="$method" \
    --instrumentation_includes='dev.sluice.**:tools.jackson.core.**:org.snakeyaml.engine.**' \
    --disabled_hooks=com.code_intelligence.jazzer.sanitizers.SqlInjection \
    -max_total_time="$((minutes * 60))" -max_len=20000 -rss_limit_mb=4096 -print_final_stats=1 \
    corpus "$seeds" >"$work/log" 2>&1) || true
  grep -qE '^Done [1-9][0-9]* runs|^== Java|^artifact_prefix' "$work/log" || {
    tail -n 20 "$work/log"
    echo "$name did not run; its log is $work/log" >&2
    exit 1
  }
  sed -n -e 's/^Done \([0-9]*\) runs in \([0-9]*\) second.*/\1 inputs in \2 s/p' \
    -e 's/^stat::average_exec_per_sec: *\([0-9]*\)/\1 inputs per second/p' "$work/log"
  grep -E '^(== Java|	at dev\.sluice)' "$work/log" || grep -q '^Done' "$work/log" || tail -n 20 "$work/log"
  for input in "$work"/{crash,timeout,oom}-*; do
    [ -e "$input" ] || continue
    mv "$input" "$seeds/"
    echo "failing input: $seeds/$(basename "$input")"
    found=1
  done
  rm -rf "$work/tmp"
done
[ "$matched" = 1 ] || { echo "unknown target '$only'" >&2; exit 2; }
[ "$found" = 1 ] || echo "no failing input found"
exit "$found"
