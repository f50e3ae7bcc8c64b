#!/usr/bin/env bash
# Runs the tests with other iteration orders of hash maps and sets: ./sluice hash-order [SALT]... (default: two random salts).
# A failure depends on hash order if the same test passes in ./sluice verify.
set -euo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
[ $# != 0 ] || set -- "$RANDOM" "$RANDOM"
patch=$(mktemp -d)
trap 'rm -rf "$patch"' EXIT
cd "$here/.."
for salt in "$@"; do
  echo "== Tests with salt $salt"
  "$JAVA_HOME/bin/java" "$here/src/test/java/dev/sluice/hashorder/SaltedHash.java" "$patch" "$salt"
  # The java launcher reads JDK_JAVA_OPTIONS: Maven and the processes that run the tests have salted hashes.
  JDK_JAVA_OPTIONS="--patch-module=java.base=$patch" mvn -B -q verify -Djacoco.skip -Dspotless.check.skip \
    -pl functions/core,functions/pipeline,functions/engine,functions/runtime,functions/extract,functions/transform,functions/load,operate,tests \
    -am -Dsurefire.failIfNoSpecifiedTests=false \
    -Dtest='dev.sluice.*.*Test,!dev.sluice.interop.*,!dev.sluice.deployment.*,!dev.sluice.model.*,!dev.sluice.architecture.*'
done
