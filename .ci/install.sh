#!/bin/sh
# Makes the environment, or leaves it alone when nothing that it is made from has changed.
#   install.sh VENV GOAL [PYTHON]
set -eu
venv=$1 goal=${2:-run} python=${3:-}
root=$(cd "$(dirname "$0")/.." && pwd -P)
cd "$root"
bin=$venv/bin
[ "${OS:-}" = Windows_NT ] && bin=$venv/Scripts
stamp=$venv/.installed

digest() {
    if command -v sha256sum >/dev/null 2>&1; then sha256sum
    elif command -v shasum >/dev/null 2>&1; then shasum -a 256
    else cksum
    fi
}
short_version() { "$1" -c 'import sys; print("%d.%d" % sys.version_info[:2])' 2>/dev/null || true; }

# An editable environment knows the folder that it was made for, so the folder is part of the key.
key="$(cat requirements.lock pyproject.toml | digest | cut -d' ' -f1) $root"

if [ -n "$python" ]; then
    python=$(sh .ci/pick_python.sh "$goal" "$python")
    wanted=$(short_version "$python")
else
    wanted=$(short_version "$bin/python")
fi
if [ -n "$wanted" ] && [ "$(cat "$stamp" 2>/dev/null)" = "$key $wanted" ]; then
    exit 0
fi

started=$(date +%s)
unusable() { # no pip in it, another Python than the one asked for, or made for another folder
    ! "$bin/python" -m pip --version >/dev/null 2>&1 \
        || [ "$(short_version "$bin/python")" != "$wanted" ] \
        || { [ -e "$stamp" ] && [ "$(cut -d' ' -f2- "$stamp")" != "$root $wanted" ]; }
}
if unusable; then
    python=${python:-$(sh .ci/pick_python.sh "$goal")}
    echo "Making the environment $venv with Python $(short_version "$python")."
    rm -f "$stamp"
    "$python" -m venv --clear "$venv"
fi

pip() { PIP_USER=0 "$bin/python" -m pip -qq --disable-pip-version-check --no-input "$@"; }
count=$(grep -c '^[A-Za-z0-9].*==' requirements.lock)
echo "Installing up to $count locked packages (about 1.5 GB on disk, one to three minutes)."
if ! pip install --no-compile --require-hashes --no-deps -r requirements.lock; then
    echo "The packages of requirements.lock could not be installed: pip says why above." \
        "Without a network or behind a proxy, set what pip needs (PIP_INDEX_URL, HTTPS_PROXY or" \
        "PIP_FIND_LINKS with a folder of wheels) and run \`make $goal\` again." >&2
    exit 1
fi
pip install --no-deps --no-build-isolation --no-index --editable .

# Explicitly, because PYTHONDONTWRITEBYTECODE may be set: uncompiled, every kernel starts three
# times slower. Some packages ship templates that are no Python, so the exit code means nothing;
# tests/house/test_known_traps.py looks at the result.
site=$("$bin/python" -c 'import sysconfig; print(sysconfig.get_path("purelib"))')
"$bin/python" -W ignore -m compileall -qq -j 2 "$site" analysis || true

if "$bin/python" -c 'import rfc3987_syntax' 2>/dev/null; then
    echo "rfc3987_syntax is installed in $venv. It costs every Jupyter process seconds and is not" \
        "in requirements.lock: run \`make clean\` and then \`make $goal\` again." >&2
    exit 1
fi

echo "$key $(short_version "$bin/python")" >"$stamp"
echo "Installed in $(($(date +%s) - started)) s."
