#!/bin/sh
# Runs a tool of the project's environment, whether or not that environment is activated:
#   with_venv.sh TOOL ARGUMENTS...
# Hooks use it so that nothing is downloaded at commit time.
set -eu
root=$(cd "$(dirname "$0")/../.." && pwd -P)
for folder in "$root/.venv/bin" "$root/.venv/Scripts"; do
    [ -d "$folder" ] && PATH=$folder:$PATH
done
export PATH
command -v "$1" >/dev/null 2>&1 || {
    echo "The hook needs \`$1\`. Run \`make install\`, or activate the environment, and commit again." >&2
    exit 1
}
exec "$@"
