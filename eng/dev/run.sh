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
        start_lab
        arguments+=(--demo --carrier-lab "$(lab_address "$LAB_READY" page)")
        use_lab_carriers
    fi
    serve "$data/tocsin.log" "${arguments[@]}"
}

build_product() {
    step "building the web client"
    build_web
    step "building the server"
    with_one_compiler dotnet build src/Server/Tocsin.Server/Tocsin.Server.csproj -c Release -v quiet -clp:ErrorsOnly
}

# Starts the carrier lab. It ends when this script does: its input is a pipe that only this script holds.
start_lab() {
    MAIL_INBOX=127.0.0.1:$(free_port)
    coproc LAB { exec node lab/main.js --end-with-input --mail-inbox "$MAIL_INBOX"; }
    read -r LAB_READY <&"${LAB[0]}" || die "the carrier lab did not start"
}

# The server is told of the lab's carriers by its environment, as an administrator would tell it of real ones in tocsin.json.
use_lab_carriers() {
    local sms mail
    sms=$(lab_address "$LAB_READY" sms)
    mail=$(lab_address "$LAB_READY" mail)
    export TOCSIN_SMS__PROVIDERS__0__ID=lab TOCSIN_SMS__PROVIDERS__0__HOST=${sms%:*} TOCSIN_SMS__PROVIDERS__0__PORT=${sms##*:}
    export TOCSIN_SMS__PROVIDERS__0__SYSTEMID=tocsin TOCSIN_SMS__PROVIDERS__0__PASSWORD=demo TOCSIN_SMS__PROVIDERS__0__SOURCEADDRESS=38638
    export TOCSIN_SMS__PROVIDERS__0__WINDOW=50
    export TOCSIN_EMAIL__FROM=alerte@ch-valmont.example TOCSIN_EMAIL__RELAYS__0__NAME=lab TOCSIN_EMAIL__RELAYS__0__SECURITY=None
    export TOCSIN_EMAIL__RELAYS__0__HOST=${mail%:*} TOCSIN_EMAIL__RELAYS__0__PORT=${mail##*:}
    export TOCSIN_EMAIL__REPLYADDRESS=reponse@ch-valmont.example TOCSIN_EMAIL__BOUNCEADDRESS=retour@ch-valmont.example TOCSIN_MAILINBOX__LISTEN=$MAIL_INBOX
    TOCSIN_WEBPUSH__ALLOWEDPUSHORIGINS__0=$(lab_address "$LAB_READY" push)
    export TOCSIN_WEBPUSH__ALLOWEDPUSHORIGINS__0 TOCSIN_WEBPUSH__ALLOWLOOPBACKHTTP=true
}

# The lab is told where the server will take mail back before the server runs.
free_port() { node -e 'const server = require("net").createServer().listen(0, "127.0.0.1", () => { console.log(server.address().port); server.close(); })'; }

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
