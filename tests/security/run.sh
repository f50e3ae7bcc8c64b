#!/usr/bin/env bash
# The rules of checkov and cdk-nag, and ours, on what SAM makes of the templates, and what a change of a parameter
# does (./sluice security). Installs what is missing; offline after that.
set -euo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
home=$(cd "$here/../.." && pwd)
sam=$home/.sluice/localstack/sam
dir=$home/.sluice/security

[ -x "$sam/bin/python" ] || "$here/../localstack/install.sh" "$home/.sluice/localstack"

# Once for each content of the lock file.
if ! cmp -s "$here/security.lock.txt" "$dir/made.lock.txt"; then
  rm -rf "$dir"
  "$sam/bin/python" -m venv "$dir"
  "$dir/bin/pip" install -q --retries 10 --timeout 60 --disable-pip-version-check --no-deps -r "$here/security.lock.txt"
  cp "$here/security.lock.txt" "$dir/made.lock.txt"
fi

TEMPLATES=$(mktemp -d)
export TEMPLATES
trap 'rm -rf "$TEMPLATES"' EXIT
"$sam/bin/python" "$here/transform.py" "$TEMPLATES" "$home/template.yaml"
"$dir/bin/python" "$here/test_templates.py"
"$sam/bin/python" "$here/test_parameters.py" "$home/template.yaml"
