#!/bin/sh
# Prints the Python that the environment is made from.
#   pick_python.sh GOAL [PYTHON]
# Without PYTHON it takes the first of python3.11 to python3.13 and python3 that is in range and
# can make environments. With PYTHON it takes that one or says in a sentence why it cannot.
set -eu
goal=${1:-run}
asked=${2:-}

# Runs under any Python since 2.7, so that an old one can still be named in the sentence.
facts='
import sys
try:
    import ensurepip, venv
    made = "venv"
except ImportError:
    made = "bare"
fits = "fits" if (3, 11) <= sys.version_info[:2] < (3, 14) else "old-or-new"
print("%s %s %d.%d.%d" % ((fits, made) + tuple(sys.version_info[:3])))
'

# The Python behind a shim or an activated environment: .venv may be the one that is active.
itself='import sys; print(getattr(sys, "_base_executable", None) or sys.executable)'

look() { # fits|old-or-new venv|bare VERSION, or nothing when it does not run
    command -v "$1" >/dev/null 2>&1 && "$1" -c "$facts" 2>/dev/null || true
}

out_of_range() {
    echo "Patokaz needs Python 3.11, 3.12 or 3.13; $1 is $2." \
        "Install one and run \`make $goal PYTHON=python3.12\`." >&2
}

lacks_venv() {
    echo "$1 is Python $2, but lacks the parts that make environments (venv and ensurepip)." \
        "On Debian and Ubuntu: \`apt install python${2%.*}-venv\`. Then run \`make $goal\` again." >&2
}

seen_name='' seen_version='' bare_name='' bare_version=''
for name in ${asked:-python3.11 python3.12 python3.13 python3 python}; do
    found=$(look "$name")
    version=${found##* }
    case $found in
        "fits venv "*) exec "$name" -c "$itself" ;;
        "fits bare "*) bare_name=${bare_name:-$name} bare_version=${bare_version:-$version} ;;
        ?*) seen_name=${seen_name:-$name} seen_version=${seen_version:-$version} ;;
    esac
done

if [ -n "$bare_name" ]; then
    lacks_venv "$bare_name" "$bare_version"
elif [ -n "$seen_name" ]; then
    out_of_range "$seen_name" "$seen_version"
elif [ -n "$asked" ]; then
    echo "Patokaz needs Python 3.11, 3.12 or 3.13; \`$asked\` is not there or does not start." \
        "Give the name or the path of one: \`make $goal PYTHON=python3.12\`." >&2
else
    echo "Patokaz needs Python 3.11, 3.12 or 3.13, and no Python was found." \
        "Install one and run \`make $goal\` again, or name it: \`make $goal PYTHON=python3.12\`." >&2
fi
exit 1
