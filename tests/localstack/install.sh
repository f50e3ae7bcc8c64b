#!/usr/bin/env bash
# install.sh DIR: SAM CLI, and LocalStack with what it would download while it runs (Java, JSONata,
# DynamoDB Local, Lambda's Java runtime), from PyPI and Maven Central. What is there already stays.
set -euo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
mkdir -p "$1"
dir=$(cd "$1" && pwd)
java=${JAVA_HOME:?set JAVA_HOME to a JDK 25}

# LocalStack 4.14.0 with these libraries starts on 3.11 and 3.12, and then answers 500 to CloudFormation and EventBridge.
find_python() {
  local python
  for python in "${SLUICE_PYTHON:-}" python3 python3.14 python3.13 "$HOME"/.pyenv/versions/3.1[3-9]*/bin/python3; do
    if [ -n "$python" ] && "$python" -c 'import sys, venv, ensurepip; sys.exit(sys.version_info < (3, 13))' 2>/dev/null; then
      echo "$python"
      return
    fi
  done
  echo "localstack: Python 3.13 or newer, with venv, is needed; install one, or set SLUICE_PYTHON to it." >&2
  exit 1
}

# Once for each content of the files that it is made of, and each Python.
fresh() {
  local made=$dir/$1.made sum
  shift
  sum=$("$python" --version; cat "$@" | sha256sum)
  [ "$(cat "$made" 2>/dev/null)" = "$sum" ] && return 1
  echo "$sum" >"$made.next"
}
made() { mv "$dir/$1.made.next" "$dir/$1.made"; }

install() {
  local name=$1
  shift
  rm -rf "${dir:?}/$name"
  "$python" -m venv "$dir/$name"
  "$dir/$name/bin/pip" install -q --retries 10 --timeout 60 --disable-pip-version-check "$@"
}

python=$(find_python)
if fresh sam "$here/sam.lock.txt"; then
  install sam -r "$here/sam.lock.txt"
  made sam
fi
if fresh venv "$here/localstack.lock.txt" "$here"/executor/*; then
  # setuptools leaves build/ beside what it builds.
  rm -rf "$dir/executor"
  cp -r "$here/executor" "$dir/executor"
  install venv -r "$here/localstack.lock.txt" "$dir/executor"
  made venv
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
  # The jar that AWS ships: a manifest that names main class and libraries, in lines of 72 bytes.
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
  # LocalStack starts DynamoDB Local with an agent that loads its patches; none is needed.
  echo 'public class NoAgent { public static void premain(String arguments) {} }' >"$scratch/NoAgent.java"
  "$java/bin/javac" --release 17 -d "$scratch" "$scratch/NoAgent.java"
  echo 'Premain-Class: NoAgent' >"$scratch/agent"
  "$java/bin/jar" cfm ddb-local-loader-0.1.jar "$scratch/agent" -C "$scratch" NoAgent.class
  rm -r "$scratch"
}

if fresh seed "$here"/seed/*.xml "${BASH_SOURCE[0]}"; then
  (seed)
  made seed
fi
mkdir -p "$dir/fs/etc/localstack/init/start.d"
cp "$here/as_aws.py" "$dir/fs/etc/localstack/init/start.d/"
# LocalStack looks for its own Java 21.
ln -sfn "$java" "$dir/fs/usr/lib/localstack/java/21"
