# shellcheck shell=bash
# Sourced by the other scripts: goes to the top of the checkout, finds uv, keeps .venv equal to the lock.

set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

PYTHON_VERSION=3.11
VENV=.venv
STAMP=$VENV/.copydesk-set-up
TOOLS=.venv-tools
LOG_DIR=.cache/logs

say() { printf '[set-up] %s\n' "$*"; }

fail() {
    printf '[set-up] %s\n' "$@" >&2
    exit 1
}

# Runs a command whose output matters only when it fails.
quietly() {
    local name=$1 log
    shift
    mkdir -p "$LOG_DIR"
    log=$LOG_DIR/$name.log
    if ! "$@" >"$log" 2>&1; then
        tail -n 40 "$log" >&2
        fail "failed: $*" "the whole output is in $log"
    fi
}

can_install_system_packages() { [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null; }

install_system_packages() {
    quietly apt-update apt-get update -q
    quietly apt-install env DEBIAN_FRONTEND=noninteractive apt-get install -q -y --no-install-recommends "$@"
}

find_python() {
    local name
    for name in "python$PYTHON_VERSION" python3; do
        if "$name" -c 'import sys; sys.exit(sys.version_info < (3, 9))' 2>/dev/null; then
            printf '%s\n' "$name"
            return
        fi
    done
    fail "no Python found: install Python $PYTHON_VERSION, or uv"
}

make_tools() {
    local python
    python=$(find_python)
    if ! "$python" -c 'import ensurepip, venv' 2>/dev/null; then
        can_install_system_packages || fail \
            "$python cannot make a virtual environment: its module ensurepip is missing" \
            "install it (on Debian and Ubuntu: apt-get install python3-venv), or install uv"
        say "Installing python3-venv, which $python lacks"
        install_system_packages python3-venv
    fi
    say "No uv on PATH: putting one into $TOOLS"
    rm -rf "$TOOLS"
    quietly tools-venv "$python" -m venv "$TOOLS"
    quietly tools-install "$TOOLS/bin/python" -m pip install --require-hashes -r requirements-tools.lock
}

# Sets UV to the command to use.
find_uv() {
    if command -v uv >/dev/null; then
        UV=uv
        return
    fi
    UV=$TOOLS/bin/uv
    "$UV" --version >/dev/null 2>&1 || make_tools
}

set_up_stamp() {
    "$VENV/bin/python" - <<'PYTHON'
import hashlib, pathlib, sys

state = hashlib.sha256(f"{sys.version} {pathlib.Path.cwd()}".encode())
for name in ("requirements.lock", "pyproject.toml", "scripts/_env.sh"):
    state.update(pathlib.Path(name).read_bytes())
print(state.hexdigest())
PYTHON
}

# Makes .venv what requirements.lock says, with the project itself in editable form.
set_up() {
    if [ -f "$STAMP" ] && [ "$(set_up_stamp 2>/dev/null)" = "$(cat "$STAMP")" ]; then
        return
    fi
    find_uv
    if ! "$VENV/bin/python" -c "import sys; sys.exit('%d.%d' % sys.version_info[:2] != '$PYTHON_VERSION')" 2>/dev/null; then
        say "Making $VENV with Python $PYTHON_VERSION"
        rm -rf "$VENV"
        quietly venv "$UV" venv --python "$PYTHON_VERSION" "$VENV"
    fi
    say "Installing what requirements.lock names into $VENV (a few hundred MB to download the first time)"
    rm -f "$STAMP"
    # Compiled now: otherwise the first start compiles a thousand modules for seconds, and every start does
    # where Python may not write beside its sources.
    quietly sync "$UV" pip sync --python "$VENV/bin/python" --compile-bytecode --require-hashes requirements.lock
    quietly install "$UV" pip install --python "$VENV/bin/python" --no-deps --no-build-isolation --editable .
    quietly compile "$VENV/bin/python" -m compileall -q app
    set_up_stamp >"$STAMP"
    say "Ready"
}

have_chromium() {
    command -v chromium >/dev/null || command -v chromium-browser >/dev/null || command -v google-chrome >/dev/null
}

# Browser tests want Chromium; without it they are skipped, and in CI they fail.
set_up_browser() {
    have_chromium && return
    if can_install_system_packages; then
        say "Installing Chromium for the browser tests"
        install_system_packages chromium fonts-liberation
    elif [ "${CI:-}" = true ]; then
        fail "Chromium is missing, and in CI the browser tests may not be skipped"
    else
        say "Chromium is missing: the browser tests will be skipped (install the package chromium to run them)"
    fi
}

# Installs what a folder's package-lock.json names into its node_modules.
install_node_packages() {
    local folder=$1 stamp=$1/node_modules/.copydesk-set-up
    [ -f "$stamp" ] && cmp -s "$stamp" "$folder/package-lock.json" && return
    say "Installing what $folder/package-lock.json names"
    quietly npm-ci npm ci --prefix "$folder" --ignore-scripts --no-audit --no-fund
    cp "$folder/package-lock.json" "$stamp"
}

# Tests of dialects want Handlebars in Node and, in CI, Go's templates with Sprig; without them they are skipped.
set_up_dialects() {
    if ! command -v node >/dev/null || ! command -v npm >/dev/null; then
        if can_install_system_packages; then
            say "Installing Node for the tests of dialects"
            install_system_packages nodejs npm
        elif [ "${CI:-}" = true ]; then
            fail "Node is missing, and in CI the tests of dialects may not be skipped"
        else
            say "Node is missing: the tests of Handlebars will be skipped (install nodejs and npm to run them)"
        fi
    fi
    ! command -v npm >/dev/null || install_node_packages tests/dialects/node
    # Go takes 600 MB of disk: nobody gets it unasked but CI.
    if [ "${CI:-}" = true ] && ! have_go_with_sprig; then
        can_install_system_packages || fail "Go with Sprig is missing, and in CI its tests may not be skipped"
        say "Installing Go with Sprig for the tests of dialects"
        install_system_packages golang-go golang-github-masterminds-sprig-dev
    fi
}

have_go_with_sprig() {
    command -v go >/dev/null && [ -d /usr/share/gocode/src/github.com/Masterminds/sprig ]
}
