#!/usr/bin/env bash
# Checks the workflows with zizmor, the transformed templates (for each value of Encryption) with checkov, cdk-nag and the
# project's own rules, the policies of the deployer, and the effect of each parameter change (./sluice security). The first
# run installs the tools; later runs need no network.
set -euo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
home=$(cd "$here/../.." && pwd)
sam=$home/.sluice/localstack/sam
dir=$home/.sluice/security

[ -x "$sam/bin/python" ] || "$here/../localstack/install.sh" "$home/.sluice/localstack"

# Reinstall only when the lock file has changed.
if ! cmp -s "$here/security.lock.txt" "$dir/installed.lock.txt"; then
  rm -rf "$dir"
  "$sam/bin/python" -m venv "$dir"
  "$dir/bin/pip" install -q --retries 10 --timeout 60 --disable-pip-version-check --no-deps -r "$here/security.lock.txt"
  cp "$here/security.lock.txt" "$dir/installed.lock.txt"
fi

TEMPLATES=$(mktemp -d)
export TEMPLATES
trap 'rm -rf "$TEMPLATES"' EXIT
"$sam/bin/python" "$here/transform.py" "$TEMPLATES" "$home/template.yaml"
"$dir/bin/zizmor" --offline --no-progress --quiet "$home/.github/workflows"
"$dir/bin/python" "$here/test_templates.py"
"$sam/bin/python" "$here/test_deployer.py" "$home/infra/deployer.yaml"
"$sam/bin/python" "$here/test_parameters.py" "$home/template.yaml"
