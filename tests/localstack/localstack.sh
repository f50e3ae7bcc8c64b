#!/usr/bin/env bash
# Deploys on LocalStack without Docker (./sluice localstack): installs missing tools into .sluice/localstack, starts
# LocalStack, deploys the template and the artifacts with SAM CLI, and prints how to use the stack.
#
#   --test    runs the deployment tests on a separate LocalStack, and stops it
#   --stop    stops LocalStack
set -euo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
home=$(cd "$here/../.." && pwd)
dir=$home/.sluice/localstack
cd "$home"
mkdir -p "$dir"

step() { printf '\n=== %3d s  %s\n' "$SECONDS" "$*"; }

stop() { "$here/stop.sh" "$dir"; }

prepare() {
  step "install"
  "$here/install.sh" "$dir"
  export PATH=$dir/sam/bin:$dir/venv/bin:$PATH
  export AWS_REGION=us-east-1 AWS_DEFAULT_REGION=us-east-1 AWS_ACCESS_KEY_ID=test AWS_SECRET_ACCESS_KEY=test
  export AWS_CONFIG_FILE=/dev/null AWS_SHARED_CREDENTIALS_FILE=/dev/null AWS_PAGER= SAM_CLI_TELEMETRY=0 SAM_CLI_POLL_DELAY=1

  step "sam validate --lint, cfn-lint"
  sam validate --config-env orders --lint
  cfn-lint infra/*.yaml infra/generated/*.yaml --ignore-templates infra/*.asl.yaml
}

start() {
  step "start LocalStack on port $1"
  stop
  "$here/start.sh" "$dir" "$1"
  export AWS_ENDPOINT_URL=http://127.0.0.1:$1
  # The first request starts the loop that fires rules. The first response of DynamoDB takes seconds.
  aws events list-rules >/dev/null
  aws dynamodb list-tables >/dev/null
}

case ${1:-} in
  --stop)
    stop
    ;;
  --test)
    prepare
    finish() {
      local code=$?
      [ "$code" = 0 ] || tail -n 40 "$dir/localstack.log" >&2 || true
      step "stop"
      stop
      exit "$code"
    }
    trap finish EXIT
    start "$(python3 -c 'import socket; s = socket.socket(); s.bind(("127.0.0.1", 0)); print(s.getsockname()[1])')"
    step "DeploymentTest, NewPipelineTest"
    mvn -B verify -pl tests -am -Dgroups=localstack -DexcludedGroups= -Dsurefire.failIfNoSpecifiedTests=false
    ;;
  '')
    prepare
    start 4566
    step "./sluice infra --check, sam deploy"
    ./sluice infra --check
    sam deploy --config-env orders --no-progressbar
    cat <<TEXT

The stack is deployed, and a tick runs every minute. To use it:
  export AWS_ENDPOINT_URL=$AWS_ENDPOINT_URL AWS_REGION=us-east-1 AWS_ACCESS_KEY_ID=test AWS_SECRET_ACCESS_KEY=test
  export PATH=$dir/venv/bin:\$PATH
  aws cloudformation describe-stacks --stack-name sluice-orders --query 'Stacks[0].Outputs'
docs/deploy.md describes how to send a first event. LocalStack's log is $dir/localstack.log
To stop LocalStack: ./sluice localstack --stop
TEXT
    ;;
  *)
    echo "usage: ./sluice localstack [--test | --stop]" >&2
    exit 2
    ;;
esac
