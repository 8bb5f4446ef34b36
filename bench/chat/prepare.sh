# Sourced by the benchmark of chat, with the root of the repository as the current directory.
# shellcheck shell=bash
. eng/dev/common.sh
. eng/dev/setup.sh

# A server holds a file for each client, and so do the clients.
FILES=12000

# Whether a server of this name is measured.
is_wanted() {
    local server=$1 previous=
    shift
    for argument in "$@"; do
        if [ "$previous" = --only ]; then
            case ",$argument," in *",$server,"*) return 0 ;; *) return 1 ;; esac
        fi
        previous=$argument
    done
}

# Prosody and ejabberd are what ours is measured beside. Their packages would start them with the system, which nobody asked for: the benchmark starts its own.
install_peers() {
    local missing=()
    if is_wanted prosody "$@" && ! has prosody; then missing+=(prosody); fi
    if is_wanted ejabberd "$@" && [ ! -x /usr/sbin/ejabberdctl ]; then missing+=(ejabberd); fi
    [ ${#missing[@]} -gt 0 ] || return 0
    if [ "$(id -u)" -ne 0 ] || ! has apt-get; then die "please install: ${missing[*]} (on Debian 12, as root: apt-get install ${missing[*]}), or say --only tocsin"; fi
    step "installing ${missing[*]}, beside which ours is measured"
    apt-get update -q
    with_no_service_started apt-get install -q -y --no-install-recommends "${missing[@]}"
    if has systemctl; then systemctl disable --quiet "${missing[@]}"; fi
}

raise_file_limit() {
    ulimit -n "$(ulimit -Hn)"
    local limit
    limit=$(ulimit -n)
    if [ "$limit" != unlimited ] && [ "$limit" -lt "$FILES" ]; then die "10,000 clients need $FILES open files, and the limit is $limit (ulimit -Hn); as root, raise it or say --clients 1000"; fi
}
