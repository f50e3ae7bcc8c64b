#!/usr/bin/env bash
# Mutation testing: ./sluice mutation --sql [TEXT]...
set -euo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)

if [ "${1:-}" = --sql ]; then
  shift
  exec "$here/sql.sh" "$@"
fi
echo "usage: ./sluice mutation --sql [TEXT]..." >&2
exit 2
