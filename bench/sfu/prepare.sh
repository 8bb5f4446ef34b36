# Sourced by the media benchmarks, with the root of the repository as the current directory: builds their program.
# shellcheck shell=bash
. eng/dev/common.sh
. eng/dev/setup.sh

# Janus is what ours is measured beside; without it, only with --without-janus.
install_janus() {
    case " $* " in *" --without-janus "*) return 0 ;; esac
    if has janus; then return 0; fi
    if [ "$(id -u)" -ne 0 ] || ! has apt-get; then die "please install: janus (on Debian 12, as root: apt-get install janus), or say --without-janus"; fi
    step "installing janus, the server beside which ours is measured"
    apt-get update -q
    with_no_service_started apt-get install -q -y --no-install-recommends janus
}

build_measurer() { dotnet build bench/sfu/Tocsin.Bench.Sfu.csproj -c Release -v quiet --nologo -clp:ErrorsOnly; }
