#!/bin/sh
# Make a virtual environment and install the locked packages into it.
#   setup.sh PYTHON FOLDER REQUIREMENTS...
# Needs Python 3.11 or newer with its venv module, and nothing else. Run from the project's folder.
set -eu

wanted=$1
folder=$2
shift 2

fail() {
    printf '%s\n' "$@" >&2
    exit 1
}

python=
for candidate in "$wanted" python3 python3.13 python3.12 python3.11; do
    if "$candidate" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; then
        python=$candidate
        break
    fi
done
[ -n "$python" ] || fail "Bellwether needs Python 3.11 or newer; '$wanted' is $("$wanted" --version 2>&1 || echo missing)." \
    "Install one, or name it: make run PYTHON=/path/to/python3.11"

inside=$folder/bin/python
if ! "$inside" -c 'import pip' 2>/dev/null; then
    "$python" -c 'import ensurepip, venv' 2>/dev/null || fail \
        "This Python cannot make virtual environments: its venv or ensurepip module is missing." \
        "Debian and Ubuntu: apt install python3-venv    Fedora: dnf install python3-pip"
    printf 'Making a virtual environment in %s ...\n' "$folder"
    "$python" -m venv --clear "$folder"
fi

# uv does not read pip's configuration: tell it which index this machine is set up for.
index=$("$inside" -m pip config get global.index-url 2>/dev/null || true)
index=${PIP_INDEX_URL:-$index}
if [ -n "$index" ] && [ -z "${UV_DEFAULT_INDEX:-}${UV_INDEX_URL:-}" ]; then
    export UV_DEFAULT_INDEX="$index"
fi

printf 'Installing the packages of %s ...\n' "$*"
"$inside" -m uv --version >/dev/null 2>&1 ||
    "$inside" -m pip install --quiet --disable-pip-version-check --require-hashes -r scripts/uv.txt || true
if ! "$inside" -m uv pip sync --quiet --require-hashes --python "$inside" "$@"; then
    printf 'uv could not install them; trying pip ...\n' >&2
    for file in "$@"; do
        "$inside" -m pip install --quiet --disable-pip-version-check --require-hashes -r "$file" ||
            fail "The packages could not be installed. Is the package index reachable from here?"
    done
fi
touch "$folder/.installed"
