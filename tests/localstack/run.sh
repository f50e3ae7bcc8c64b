#!/usr/bin/env bash
# The template on LocalStack, without Docker: installs what is missing, starts LocalStack, deploys this very
# template and these artifacts with SAM CLI, sends events, and waits for the schedule to bring them to the lake.
set -euo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
home=$(cd "$here/../.." && pwd)
dir=$home/.sluice/localstack
events=${1:-300}
cd "$home"

began=$SECONDS
step() {
  printf '\n=== %3d s  %s\n' $((SECONDS - began)) "$*"
}

step "artifacts and made-up events"
mkdir -p "$dir"
rm -rf "$dir/made-up"
./sluice made-up "$dir/made-up" --events "$events"
if [ -z "${JAVA_HOME:-}" ]; then
  JAVA_HOME=$(dirname "$(dirname "$(readlink -f "$(command -v javac)")")")
  export JAVA_HOME
fi

step "install"
"$here/install.sh" "$dir"
PATH=$dir/sam/bin:$dir/venv/bin:$PATH

port=$(python3 -c 'import socket; s = socket.socket(); s.bind(("127.0.0.1", 0)); print(s.getsockname()[1])')
export AWS_ENDPOINT_URL=http://127.0.0.1:$port AWS_REGION=us-east-1 AWS_DEFAULT_REGION=us-east-1
export AWS_ACCESS_KEY_ID=test AWS_SECRET_ACCESS_KEY=test AWS_CONFIG_FILE=/dev/null AWS_SHARED_CREDENTIALS_FILE=/dev/null
export SAM_CLI_TELEMETRY=0 SAM_CLI_POLL_DELAY=1 AWS_PAGER=

finish() {
  local code=$?
  [ "$code" = 0 ] || tail -n 40 "$dir/localstack.log" >&2 || true
  step "stop"
  "$here/stop.sh" "$dir"
  exit "$code"
}
trap finish EXIT

step "start LocalStack on port $port"
"$here/stop.sh" "$dir"
"$here/start.sh" "$dir" "$port"
# The loop that fires rules begins when the service is first asked; DynamoDB's first answer takes seconds.
"$dir/venv/bin/aws" events list-rules >/dev/null
"$dir/venv/bin/aws" dynamodb list-tables >/dev/null

step "sam validate --lint"
sam validate --config-env orders --lint
"$dir/sam/bin/cfn-lint" infra/storage.yaml infra/monitoring.yaml

step "sam build"
sam build

step "sam deploy"
timeout 180 sam deploy --config-env orders --no-progressbar

step "a scheduled tick"
"$dir/venv/bin/python" "$here/scheduled_tick.py" sluice-orders "$dir/made-up"
