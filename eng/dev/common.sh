# Shared by every ./dev subcommand. Sourced, with the root of the repository as the current directory.
# shellcheck shell=bash

# A developer's machine and an air-gapped one behave alike: no tool phones home.
export DOTNET_CLI_TELEMETRY_OPTOUT=1 TESTINGPLATFORM_TELEMETRY_OPTOUT=1 DOTNET_NOLOGO=1 DOTNET_SKIP_FIRST_TIME_EXPERIENCE=1
# Compiler servers that outlive the command would keep memory, and files open, after it.
export MSBUILDDISABLENODEREUSE=1 UseSharedCompilation=${UseSharedCompilation:-false}

say() { printf '%s\n' "$*"; }

step() { printf '\n== %s\n' "$*"; }

die() {
    printf 'dev: %s\n' "$*" >&2
    exit 1
}

has() { command -v "$1" >/dev/null 2>&1; }

# Builds the solution; restores exactly what the lock files say.
build_solution() {
    dotnet restore Tocsin.slnx --locked-mode -v quiet &&
        with_one_compiler dotnet build Tocsin.slnx --no-restore -v quiet -clp:ErrorsOnly "$@"
}

# One compiler for all projects of a command, which would otherwise start anew, and be compiled anew itself, for each: half the processor time. It ends with the command.
with_one_compiler() {
    local status=0
    UseSharedCompilation=true "$@" || status=$?
    dotnet build-server shutdown --vbcscompiler >/dev/null || true
    return "$status"
}

# Builds web/dist; quiet unless it fails.
build_web() {
    local log
    log=$(mktemp)
    npm --prefix web run --silent build >"$log" 2>&1 || {
        cat "$log"
        rm -f "$log"
        return 1
    }
    rm -f "$log"
}
