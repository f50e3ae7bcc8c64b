#!/usr/bin/env bash
# Looks for inputs that break a fuzz target, guided by the code that they reach (./sluice fuzz [MINUTES] [TARGET], one
# minute and all by default). What is found goes among the target's seeds, which every build replays.
set -euo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
minutes=${1:-1}
only=${2:-}
if [[ ! $minutes =~ ^[1-9][0-9]*$ ]]; then
  echo "usage: ./sluice fuzz [MINUTES] [TARGET]; the targets are" >&2
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
  echo "== $name.$method: $minutes min"
  (cd "$work" && "$JAVA_HOME/bin/java" -Xmx1g --enable-native-access=ALL-UNNAMED -XX:+EnableDynamicAgentLoading \
    --sun-misc-unsafe-memory-access=allow -Djava.io.tmpdir="$work/tmp" -cp "$classpath" \
    com.code_intelligence.jazzer.Jazzer --target_class="dev.sluice.$package.$name" --target_method="$method" \
    --instrumentation_includes='dev.sluice.**:tools.jackson.core.**:org.snakeyaml.engine.**' \
    --disabled_hooks=com.code_intelligence.jazzer.sanitizers.SqlInjection \
    -max_total_time="$((minutes * 60))" -max_len=20000 -rss_limit_mb=4096 -print_final_stats=1 \
    corpus "$seeds" >"$work/log" 2>&1) || true
  grep -qE '^Done [1-9][0-9]* runs|^== Java|^artifact_prefix' "$work/log" || {
    tail -n 20 "$work/log"
    echo "$name did not run" >&2
    exit 1
  }
  grep -E '^(Done|== Java|stat::average|	at dev\.sluice)' "$work/log" || tail -n 20 "$work/log"
  for input in "$work"/{crash,timeout,oom}-*; do
    [ -e "$input" ] || continue
    mv "$input" "$seeds/"
    echo "found: $seeds/$(basename "$input")"
    found=1
  done
  rm -rf "$work/tmp"
done
[ "$matched" = 1 ] || { echo "there is no target '$only'" >&2; exit 2; }
exit "$found"
