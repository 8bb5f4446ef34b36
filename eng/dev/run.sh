# ./dev run [--port N] [--data DIR] [--no-demo]: builds and starts Tocsin; Ctrl-C stops everything.
# With the demonstration come a fictional hospital and the carrier lab, whose SMS centre, mail server and push service the server is told to use.
# shellcheck shell=bash

dev_run() {
    local port=7480 data=.data demo=yes
    while [ $# -gt 0 ]; do
        case $1 in
            --port) port=${2:?--port needs a number} && shift ;;
            --data) data=${2:?--data needs a directory} && shift ;;
            --no-demo) demo=no ;;
            *) die "unknown option of run: $1" ;;
        esac
        shift
    done
    . eng/dev/setup.sh
    dev_setup
    build_product
    mkdir -p "$data"
    local arguments=(serve --port "$port" --data "$data" --web-root web/dist)
    if [ "$demo" = yes ]; then
        arguments+=(--demo)
        start_lab
    fi
    serve "$data/tocsin.log" "${arguments[@]}"
}

build_product() {
    step "building the web client"
    build_web
    step "building the server"
    dotnet build src/Server/Tocsin.Server/Tocsin.Server.csproj -c Release -v quiet -clp:ErrorsOnly
}

# Starts the carrier lab. It ends when this script does: its input is a pipe that only this script holds.
start_lab() {
    coproc LAB { exec node lab/main.js --end-with-input; }
    local ready
    read -r ready <&"${LAB[0]}" || die "the carrier lab did not start"
    TOCSIN_CARRIERLAB=$(lab_address "$ready" page)
    export TOCSIN_CARRIERLAB
    say "The carrier lab (simulated phones) is at $TOCSIN_CARRIERLAB"
}

# One address out of the line that the lab prints when it is ready.
lab_address() { node -p 'JSON.parse(process.argv[1])[process.argv[2]]' "$1" "$2"; }

# Runs the server in the foreground. Its log goes to a file; what it says to people stays on the terminal.
serve() {
    local log=$1
    shift
    step "starting (log: $log)"
    src/Server/Tocsin.Server/bin/Release/net10.0/tocsin "$@" 2> >(keep_log "$log")
}

# Standard error carries the log, one JSON object a line, and reasons for not starting, in words. Ctrl-C is for the server: this outlives it by the last words.
keep_log() {
    trap '' INT
    local line
    while IFS= read -r line; do
        case $line in
            '{'*) printf '%s\n' "$line" >>"$1" ;;
            *) printf '%s\n' "$line" >&2 ;;
        esac
    done
}
