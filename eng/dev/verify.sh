# ./dev verify: everything that is checked without running the product.
# shellcheck shell=bash

dev_verify() {
    . eng/dev/setup.sh
    dev_setup
    local check status=0 started
    for check in build format web_check scripts; do
        started=$SECONDS
        step "$check"
        if "verify_$check"; then
            say "$check: right ($((SECONDS - started)) s)"
        else
            say "$check: WRONG"
            status=1
        fi
    done
    return "$status"
}

# Warnings are errors, analyzers and banned symbols included, in every project: Directory.Build.props.
verify_build() { build_solution; }

verify_format() { dotnet format whitespace Tocsin.slnx --no-restore --verify-no-changes; }

verify_web_check() {
    [ -f web/package.json ] || return 0
    npm --prefix web run --silent check
}

verify_scripts() {
    mapfile -t scripts < <(git ls-files dev .ci eng '*.sh' | while read -r file; do head -c 2 "$file" | grep -q '#!' && head -1 "$file" | grep -q sh && echo "$file"; done)
    shellcheck -x "${scripts[@]}" eng/dev/*.sh
}
