#!/usr/bin/env bash
# Mutation testing of the engine's SQL: ./sluice mutation --sql [TEXT]..., for example CopiedMessages. A survivor that is not in
# sql-survivors.md fails the command.
set -euo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
home=$(cd "$here/../.." && pwd)

# Besides the tests of this module, those of the engine and the pipelines' cases run.
classes=$home/tests/target/test-classes:$home/functions/engine/target/test-classes:$home/operate/target/test-classes
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$home/tests"
"$JAVA_HOME/bin/java" -Xmx1g -XX:+UseSerialGC -XX:TieredStopAtLevel=1 -Xshare:auto --enable-native-access=ALL-UNNAMED \
  -Djava.io.tmpdir="$work" -Djazzer.hooks=false -Dsluice.seed=1 -Dsluice.home="$home" \
  -Dorg.slf4j.simpleLogger.defaultLogLevel=off \
  -cp "$classes:$(cat "$home/tests/target/classpath")" dev.sluice.mutation.SqlMutation "$@"
