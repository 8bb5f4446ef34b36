# ./dev verify: everything that is checked without running the product.
# shellcheck shell=bash

dev_verify() {
    . eng/dev/setup.sh
    dev_setup
    local log status=0
    log=$(mktemp)
    # Two at a time: most of them use one core.
    run_checks web lab >"$log" 2>&1 &
    local beside=$!
    run_checks rules scripts build format || status=1
    wait "$beside" || status=1
    cat "$log"
    rm -f "$log"
    return "$status"
}

run_checks() {
    local check status=0 started
    for check; do
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

# By folder: to read the projects first would take several times as long, and add nothing for white space.
verify_format() { dotnet format whitespace --folder . --include src/ test/ bench/ eng/ --verify-no-changes; }

verify_web() { npm --prefix web run --silent check; }

# The lab has no compiler of its own; its types stand in comments, and the web client's compiler reads them.
verify_lab() { web/node_modules/.bin/tsc -p lab/jsconfig.json; }

# Arrows, licences, documents, words: eng/checks/.
verify_rules() { node --test --test-reporter=dot eng/checks/*.test.mjs || node --test --test-reporter=spec eng/checks/*.test.mjs; }

# The linter of scripts; it follows what dev sources.
verify_scripts() {
    local scripts
    mapfile -t scripts < <(git ls-files dev .ci eng lab bench deploy | while read -r file; do
        [[ $file == *.sh ]] || head -n 1 "$file" | grep -qE '^#!.*\b(ba)?sh$' && printf '%s\n' "$file"
    done)
    shellcheck -x "${scripts[@]}"
}
