#!/usr/bin/env bash
# Mutation testing. SQL: ./sluice mutation --sql [TEXT]... (sql.sh). Java, with PIT: ./sluice mutation
# [MODULE[:CLASSES]]..., for example core, or core:'dev.sluice.json.*'.
# Each module's mutants run against its own tests and the fast tests of other modules. A survivor that is not in survivors.md
# fails the command. MUTATION_THREADS (default: one for each core) is the number of mutants that run at the same time.
set -euo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
home=$(cd "$here/../.." && pwd)
work=$home/.sluice/mutation
modules=(core extract load pipeline transform runtime)
more=(aws engine) # only by name: their survivors are not listed yet

# Prints the tests that run against a module's mutants. The packages of core have tests in other modules, too.
tests_of() {
  case $1 in
    core)
      echo 'dev.sluice.batch.*,dev.sluice.bucket.*,dev.sluice.chunk.*,dev.sluice.event.*,dev.sluice.failure.*,dev.sluice.field.*'
      echo 'dev.sluice.json.*,dev.sluice.layout.*,dev.sluice.ledger.*,dev.sluice.observe.*,dev.sluice.parallel.*,dev.sluice.fakes.*'
      echo 'dev.sluice.extract.*,dev.sluice.load.*,dev.sluice.fuzz.AdmissionFuzzTest,dev.sluice.fuzz.BatchJsonFuzzTest'
      echo 'dev.sluice.fuzz.ChunkFuzzTest,dev.sluice.expected.AdmissionTest'
      ;;
    pipeline)
      echo 'dev.sluice.pipeline.*,dev.sluice.integration.InvalidPipelinesTest,dev.sluice.duckdb.ColumnTypeTest'
      echo 'dev.sluice.fuzz.PipelineFuzzTest'
      ;;
    aws) echo 'dev.sluice.aws.*,dev.sluice.interop.*' ;;
    engine) echo 'dev.sluice.duckdb.*' ;;
    *) echo "dev.sluice.$1.*" ;;
  esac
}

if [ "${1:-}" = --sql ]; then
  shift
  exec "$here/sql.sh" "$@"
fi

[ $# != 0 ] || set -- "${modules[@]}"
for argument in "$@"; do
  [[ " ${modules[*]} ${more[*]} " == *" ${argument%%:*} "* ]] || {
    echo "usage: ./sluice mutation [MODULE[:CLASSES]]..., where MODULE is one of ${modules[*]} ${more[*]}" >&2
    exit 2
  }
done

mkdir -p "$work"
if [ ! "$work/classpath" -nt "$here/pom.xml" ]; then
  mvn -B -q -f "$here/pom.xml" dependency:build-classpath -Dmdep.outputFile="$work/classpath"
fi
# The compiled classes of every module, instead of its jar, and what they depend on.
classes=$(printf '%s\n' "$home"/{functions/*,testkit,operate,local,examples,cli,tests}/target/{test-,}classes | paste -sd,)
libraries=$(tr ':' '\n' <"$home/tests/target/classpath" | grep -v '/target/sluice-' | paste -sd,)

reports=()
for argument in "$@"; do
  module=${argument%%:*}
  mutated='dev.sluice.*'
  [ "$argument" = "$module" ] || mutated=${argument#*:}
  report=$work/$module
  rm -rf "$report"
  mkdir -p "$report"
  # Tests read files relative to their module.
  directory=$home/tests
  [ "$module" != engine ] || directory=$home/functions/engine
  started=$SECONDS
  (cd "$directory" && "$JAVA_HOME/bin/java" -cp "$(cat "$work/classpath")" \
    org.pitest.mutationtest.commandline.MutationCoverageReport \
    --reportDir "$report" --outputFormats XML,HTML --timestampedReports=false --verbosity NO_SPINNER \
    --sourceDirs "$home/functions/$module/src/main/java" --mutableCodePaths "$home/functions/$module/target/classes" \
    --targetClasses "$mutated" --targetTests "$(tests_of "$module" | paste -sd,)" \
    --classPath "$classes,$libraries" --threads "${MUTATION_THREADS:-$(nproc)}" --timeoutConst 10000 \
    --jvmArgs "--enable-native-access=ALL-UNNAMED,-XX:+EnableDynamicAgentLoading,-Xshare:auto,-XX:TieredStopAtLevel=1,-Djazzer.hooks=false,-Dsluice.seed=1" \
    --excludedGroups localstack >"$report/log" 2>&1) || {
    tail -n 30 "$report/log" >&2
    echo "PIT failed for $module; its log is $report/log" >&2
    exit 1
  }
  echo "$module: $((SECONDS - started)) s; the report is $report/index.html"
  reports+=("$report/mutations.xml")
done
"$JAVA_HOME/bin/java" "$here/Survivors.java" "$here/survivors.md" "${reports[@]}"
