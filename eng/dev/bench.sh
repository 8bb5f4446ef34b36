# ./dev bench NAME [--json FILE]: runs one of the benchmarks of bench/.
# shellcheck shell=bash

dev_bench() {
    local name=${1:-}
    shift || true
    [ -n "$name" ] || die "usage: ./dev bench NAME [--json FILE]; there are: $(bench_names)"
    [ -x "bench/$name/run" ] || die "no benchmark '$name'; there are: $(bench_names)"
    "bench/$name/run" "$@"
}

bench_names() {
    local path names=()
    for path in bench/*/run; do [ -x "$path" ] && names+=("$(basename "$(dirname "$path")")"); done
    printf '%s' "${names[*]:-none}"
}
