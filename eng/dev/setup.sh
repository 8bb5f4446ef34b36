# ./dev setup: installs what is missing; quick when nothing is.
# shellcheck shell=bash

dev_setup() {
    install_debian_packages
    require_sdks
    local directory
    for directory in web lab; do
        install_npm_packages "$directory"
    done
}

require_sdks() {
    has dotnet || die "install the .NET 10 SDK (https://dotnet.microsoft.com)"
    dotnet --version >/dev/null || die "install the .NET SDK that global.json asks for"
    has node || die "install Node.js 20 or later"
    local major
    major=$(node -p 'process.versions.node.split(".")[0]')
    [ "$major" -ge 20 ] || die "Node.js is version $major; install 20 or later"
}

# Names of the packages of packages.txt that are not there.
missing_packages() {
    local package sign _
    while read -r package sign _; do
        case $package in '' | '#'*) continue ;; esac
        present "$sign" || printf '%s\n' "$package"
    done <eng/dev/packages.txt
}

present() {
    case $1 in
        /*) [ -e "$1" ] ;;
        perl:*) perl -M"${1#perl:}" -e 1 2>/dev/null ;;
        lib:*) [[ $(/sbin/ldconfig -p) == *"${1#lib:}"* ]] ;;
        # Servers live in /usr/sbin, which is not in everyone's PATH.
        *) PATH="$PATH:/usr/sbin:/sbin" has "$1" ;;
    esac
}

install_debian_packages() {
    local missing
    mapfile -t missing < <(missing_packages)
    [ ${#missing[@]} -gt 0 ] || return 0
    if [ "$(id -u)" -ne 0 ] || ! has apt-get; then
        die "please install: ${missing[*]} (on Debian 12, as root: apt-get install ${missing[*]})"
    fi
    refuse_to_replace_a_mail_server "${missing[@]}"
    step "installing ${missing[*]}"
    apt-get update -q
    with_no_service_started apt-get install -q -y --no-install-recommends "${missing[@]}"
}

# Two mail servers cannot be installed together: apt would remove the one that is there without a word.
refuse_to_replace_a_mail_server() {
    case " $* " in *' opensmtpd '*) ;; *) return 0 ;; esac
    local there
    there=$(dpkg-query -W -f '${db:Status-Status} ${Package} ${Provides}\n' 2>/dev/null |
        awk '$1 == "installed" && /mail-transport-agent/ { print $2; exit }')
    [ -z "$there" ] || die "the mail tests need opensmtpd, which cannot be installed beside $there; remove $there, or test in a container"
}

# Packages of servers start them when installed; a policy of 101 forbids it (invoke-rc.d(8)). The tests start their own.
with_no_service_started() {
    local policy=/usr/sbin/policy-rc.d ours=no
    if [ ! -e "$policy" ]; then
        printf '#!/bin/sh\nexit 101\n' >"$policy"
        chmod +x "$policy"
        ours=yes
    fi
    local status=0
    DEBIAN_FRONTEND=noninteractive "$@" || status=$?
    [ "$ours" = no ] || rm -f "$policy"
    return "$status"
}

# Installs what the lock file says, once per lock file.
install_npm_packages() {
    local directory=$1 stamp=$1/node_modules/.installed-lock
    cmp -s "$directory/package-lock.json" "$stamp" && return 0
    step "npm packages of $directory/"
    npm --prefix "$directory" ci --no-fund --no-audit --loglevel error
    cp "$directory/package-lock.json" "$stamp"
}
