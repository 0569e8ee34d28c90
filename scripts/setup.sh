#!/bin/sh
# Makes .venv from the locked, hash-checked list of packages; does nothing when it is up to date.
# Needs Python >= 3.11 and the network, nothing else. PYTHON=... chooses the interpreter.
set -eu
cd "$(dirname "$0")/.."

exec 3>&2  # where sentences go, whatever is written into the log
stop() { echo "Set-up stopped: $*" >&3; exit 2; }

is_new_enough() { "$1" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; }

find_python() {
    if [ -n "${PYTHON:-}" ]; then
        command -v "$PYTHON" >/dev/null || stop "PYTHON=$PYTHON is no program; name a Python 3.11 or newer."
        is_new_enough "$PYTHON" || stop "$PYTHON is too old ($("$PYTHON" --version 2>&1)); install Python 3.11 or newer, or name one: make setup PYTHON=python3.12"
        return
    fi
    for PYTHON in python3 python3.14 python3.13 python3.12 python3.11; do
        if is_new_enough "$PYTHON"; then return; fi
    done
    stop "no Python 3.11 or newer was found ($(python3 --version 2>&1 || echo 'no python3')); install it, or name one: make setup PYTHON=/path/to/python3.12"
}

fetch_uv() {
    uv=.tools/bin/uv
    if [ -x "$uv" ]; then return 0; fi
    "$PYTHON" -m pip install --quiet --disable-pip-version-check --no-input --target .tools uv >build/setup.log 2>&1 \
        && [ -x "$uv" ] && return 0
    uv=$(command -v uv)
}

install_with_uv() {
    "$uv" venv --clear --python "$PYTHON" .venv \
        && "$uv" pip install --compile-bytecode --require-hashes -r requirements.lock \
        && "$uv" pip install --compile-bytecode --no-build-isolation --no-deps -e .
}

install_with_pip() {
    rm -rf .venv
    "$PYTHON" -m venv .venv || stop "this Python has neither pip nor venv; install both (on Debian: apt install python3-pip python3-venv) and try again."
    .venv/bin/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements.lock \
        && .venv/bin/python -m pip install --quiet --disable-pip-version-check --no-build-isolation --no-deps -e .
}

find_python
key=$("$PYTHON" -c 'import hashlib, pathlib, sys; print(hashlib.sha256(sys.version.encode() + b"".join(pathlib.Path(name).read_bytes() for name in ("requirements.lock", "pyproject.toml"))).hexdigest())')
if [ "$(cat .venv/installed-from 2>/dev/null)" = "$key" ]; then exit 0; fi

mkdir -p build
echo "Installing Segin into .venv with $("$PYTHON" --version) ..."
export UV_SYSTEM_CERTS=true  # as pip does: a proxy of one's own is trusted by the machine, and by nothing else
fetch_uv && install_with_uv >build/setup.log 2>&1 || install_with_pip >>build/setup.log 2>&1 || {
    tail -n 20 build/setup.log >&2
    stop "the packages could not be installed; the lines above say why. Check the network and try again."
}
.venv/bin/python -m compileall -q bot flows webhooks console bench
echo "$key" >.venv/installed-from
