#!/usr/bin/env bash
# install.sh DIR: installs SAM CLI and LocalStack from PyPI, and from Maven Central the libraries that LocalStack would
# download at run time (JSONata, DynamoDB Local, Lambda's Java runtime). Skips what is already installed.
set -euo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
mkdir -p "$1"
dir=$(cd "$1" && pwd)
java=${JAVA_HOME:?set JAVA_HOME to a JDK 25}

# On Python 3.11 and 3.12 LocalStack 4.14.0 starts with these libraries, but returns 500 for CloudFormation and EventBridge.
find_python() {
  local python
  for python in "${SLUICE_PYTHON:-}" python3 python3.14 python3.13 "$HOME"/.pyenv/versions/3.1[3-9]*/bin/python3; do
    if [ -n "$python" ] && "$python" -c 'import sys, venv, ensurepip; sys.exit(sys.version_info < (3, 13))' 2>/dev/null; then
      echo "$python"
      return
    fi
  done
  echo "localstack: requires Python 3.13 or newer with venv. Install it, or set SLUICE_PYTHON to its path." >&2
  exit 1
}

# Whether a component must be installed: its input files or the Python version have changed.
outdated() {
  local installed=$dir/$1.installed sum
  shift
  sum=$("$python" --version; cat "$@" | sha256sum)
  [ "$(cat "$installed" 2>/dev/null)" = "$sum" ] && return 1
  echo "$sum" >"$installed.next"
}
finish() { mv "$dir/$1.installed.next" "$dir/$1.installed"; }

install() {
  local name=$1
  shift
  rm -rf "${dir:?}/$name"
  "$python" -m venv "$dir/$name"
  "$dir/$name/bin/pip" install -q --retries 10 --timeout 60 --disable-pip-version-check "$@"
}

python=$(find_python)
if outdated sam "$here/sam.lock.txt"; then
  install sam -r "$here/sam.lock.txt"
  finish sam
fi
if outdated venv "$here/localstack.lock.txt" "$here"/executor/*; then
  # Copied, because setuptools writes build/ into the source folder.
  rm -rf "$dir/executor"
  cp -r "$here/executor" "$dir/executor"
  install venv -r "$here/localstack.lock.txt" "$dir/executor"
  finish venv
fi

seed() {
  rm -rf "${dir:?}/seed" "$dir/fs/usr"
  local name
  for name in dynamodb-local jsonata lambda-runtime; do
    mvn -B -q --no-transfer-progress -f "$here/seed/$name.xml" org.apache.maven.plugins:maven-dependency-plugin:3.11.0:copy-dependencies \
      -DoutputDirectory="$dir/seed/$name"
  done
  local lib=$dir/fs/usr/lib/localstack
  mkdir -p "$lib/java" "$lib/jsonata/0.9.7" "$lib/dynamodb-local/2/DynamoDBLocal_lib"
  cp "$dir"/seed/jsonata/*.jar "$lib/jsonata/0.9.7/"
  cd "$lib/dynamodb-local/2"
  cp "$dir"/seed/dynamodb-local/*.jar DynamoDBLocal_lib/
  local native
  for native in "$dir"/seed/dynamodb-local/libsqlite4java-linux-amd64-*.so; do
    cp "$native" DynamoDBLocal_lib/
    cp "$native" DynamoDBLocal_lib/libsqlite4java-linux-amd64.so
  done
  # Like the jar that AWS ships: the manifest contains the main class and the class path, in lines of at most 72 bytes.
  local scratch
  scratch=$(mktemp -d)
  "$python" - >"$scratch/manifest" <<'P'
import os

line = "Class-Path: " + " ".join(
    "DynamoDBLocal_lib/" + jar for jar in sorted(os.listdir("DynamoDBLocal_lib")) if jar.endswith(".jar"))
print("Manifest-Version: 1.0\nMain-Class: software.amazon.dynamodb.services.local.main.ServerRunner")
print(line[:70])
for start in range(70, len(line), 69):
    print(" " + line[start:start + 69])
P
  "$java/bin/jar" cfm DynamoDBLocal.jar "$scratch/manifest"
  # LocalStack starts DynamoDB Local with an agent that loads patches. An empty agent is sufficient.
  echo 'public class NoAgent { public static void premain(String arguments) {} }' >"$scratch/NoAgent.java"
  "$java/bin/javac" --release 17 -d "$scratch" "$scratch/NoAgent.java"
  echo 'Premain-Class: NoAgent' >"$scratch/agent"
  "$java/bin/jar" cfm ddb-local-loader-0.1.jar "$scratch/agent" -C "$scratch" NoAgent.class
  rm -r "$scratch"
}

if outdated seed "$here"/seed/*.xml "${BASH_SOURCE[0]}"; then
  (seed)
  finish seed
fi
mkdir -p "$dir/fs/etc/localstack/init/start.d"
cp "$here/as_aws.py" "$dir/fs/etc/localstack/init/start.d/"
# LocalStack expects its own Java 21 at this path.
ln -sfn "$java" "$dir/fs/usr/lib/localstack/java/21"
