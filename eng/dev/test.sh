# ./dev test: builds, runs every test, and ends with one line "N passed, N failed".
# A project that crashes, runs no test or skips one has failed: a test that did not run has shown nothing.
# shellcheck shell=bash

# Not tracked.
reports=artifacts/test

passed=0
failed=0
# One line per project that did not pass, repeated at the end where it is seen.
complaints=()
# Reports of this run that tell of a test that failed: artifacts/test also holds those of earlier runs.
reports_with_failures=()
# Every test runs where no route leads out, so that nothing can come to depend on one.
cut_off=$PWD/eng/no-network
# No project may hang the whole run.
project_time_limit=${TOCSIN_TEST_TIME_LIMIT:-1800}

dev_test() {
    local filter=${1:-}
    shift || true
    . eng/dev/setup.sh
    dev_setup
    mkdir -p "$reports"
    if ! "$cut_off" true 2>/dev/null; then
        say "This system lets nobody make a network namespace: the tests run with the network that is there."
        cut_off="env"
    fi
    if [ -n "$(dotnet_test_projects "$filter")" ] || selected "$filter" web; then
        step "building"
        build_web || report_failure "web build" 1
    fi
    if [ -n "$(dotnet_test_projects "$filter")" ]; then
        build_solution || { report_failure "build" 1; finish; }
    fi
    # Some scenarios run what is shipped.
    if selected "$filter" Tocsin.Scenarios; then
        step "publishing"
        deploy/publish artifacts/tocsin || report_failure "publish" 1
    fi
    local project ran=no
    for project in $(dotnet_test_projects "$filter"); do
        ran=yes
        run_dotnet_tests "$project" "$@"
    done
    for project in web lab; do
        if selected "$filter" "$project" && [ -f "$project/package.json" ]; then
            ran=yes
            "run_${project}_tests"
        fi
    done
    [ "$ran" = yes ] || die "no test project's name contains '$filter'"
    finish
}

selected() { [ -z "$1" ] || [[ ${2,,} == *"${1,,}"* ]]; }

# Test projects are executables whose name ends in .Tests or .Scenarios; the scenarios run last, on what the others have shown to work.
# Those that end in .Long take many minutes and run when they are asked for: ./dev test Long.
dotnet_test_projects() {
    local path name
    for path in test/*.Tests/*.csproj test/*.Scenarios/*.csproj; do
        [ -f "$path" ] || continue
        name=$(basename "$path" .csproj)
        if selected "$1" "$name"; then printf '%s\n' "$name"; fi
    done
    for path in test/*.Long/*.csproj; do
        name=$(basename "$path" .csproj)
        if [ -n "$1" ] && [[ ${name##*.} == "$1" ]]; then printf '%s\n' "$name"; fi
    done
}

run_dotnet_tests() {
    local name=$1 report=$reports/$1.xml running=$PWD/$reports/$1.running status=0 started=$SECONDS
    shift
    step "$name"
    rm -f "$report" "$running"
    # The scenarios are few, and tell figures that are worth reading where they went well, too.
    [[ $name != *.Scenarios ]] || set -- --output Detailed "$@"
    RUNNING_TESTS_FILE=$running "$cut_off" timeout -k 10 "$project_time_limit" "test/$name/bin/Debug/net10.0/$name" --fail-skips on --no-progress \
        --results-directory "$PWD/$reports" --report-xunit --report-xunit-filename "$name.xml" "$@" || status=$?
    local total=0 wrong=0
    if [ -f "$report" ]; then
        total=$(sum_of_attribute total "$report")
        wrong=$(($(sum_of_attribute failed "$report") + $(sum_of_attribute errors "$report") + $(sum_of_attribute skipped "$report")))
    fi
    count "$name" "$report" "$total" "$wrong" "$status" $((SECONDS - started))
    if [ "$status" -eq 124 ] || [ "$status" -eq 137 ]; then not_ended "$running"; fi
}

# Says which tests had begun and not ended when a run was killed (RunningTestsAttribute).
not_ended() {
    local test
    while IFS= read -r test; do
        complaints+=("   it was running: $test")
    done < <(awk '{ name = substr($0, 3); if (/^[+] /) running[name]++; else running[name]-- } END { for (name in running) if (running[name] > 0) print name }' "$1" 2>/dev/null)
}

# Sums an attribute over the <assembly> elements of an xUnit report.
sum_of_attribute() {
    grep -o '<assembly [^>]*>' "$2" | grep -o " $1=\"[0-9]*\"" | tr -dc '0-9\n' | awk '{ sum += $1 } END { print sum + 0 }'
}

run_web_tests() {
    local report=$reports/web.json status=0 started=$SECONDS
    step "web"
    rm -f "$report"
    (cd web && "$cut_off" timeout -k 10 "$project_time_limit" npx --no-install vitest run --reporter=default --reporter=json --outputFile.json="../$report") || status=$?
    local totals=(0 0)
    [ ! -f "$report" ] || read -r -a totals < <(node eng/dev/vitest-totals.mjs "$report")
    count web "$report" "${totals[0]}" "${totals[1]}" "$status" $((SECONDS - started))
}

run_lab_tests() {
    local report=$reports/lab.tap status=0 started=$SECONDS
    step "lab"
    rm -f "$report"
    (cd lab && "$cut_off" timeout -k 10 "$project_time_limit" node --test --test-reporter=spec --test-reporter-destination=stdout \
        --test-reporter=tap --test-reporter-destination="../$report" test/*.test.js) || status=$?
    local total=0 right=0
    if [ -f "$report" ]; then
        total=$(awk '/^# tests /{ print $3 }' "$report")
        right=$(awk '/^# pass /{ print $3 }' "$report")
    fi
    count lab "$report" "$total" $((total - right)) "$status" $((SECONDS - started))
}

# Adds one project's result. Arguments: name, report, tests run, tests that did not pass, exit code, seconds.
count() {
    local name=$1 report=$2 total=$3 wrong=$4 status=$5 seconds=$6
    passed=$((passed + total - wrong))
    say "$name: $((total - wrong)) passed, $wrong failed in $seconds s"
    [ "$wrong" -eq 0 ] || reports_with_failures+=("$report")
    if [ "$wrong" -gt 0 ]; then
        report_failure "$name: $wrong of $total tests failed" "$wrong"
    elif [ "$status" -eq 124 ] || [ "$status" -eq 137 ]; then
        # 137: it did not even end when asked to.
        report_failure "$name: not finished after $project_time_limit s" 1
    elif [ "$total" -eq 0 ]; then
        report_failure "$name: ran no test" 1
    elif [ "$status" -ne 0 ]; then
        report_failure "$name: ended with exit code $status though its tests passed" 1
    fi
}

report_failure() {
    complaints+=("$1")
    failed=$((failed + $2))
}

finish() {
    printf '\n'
    # Which tests, and why: who reads the last lines of a log reads what broke.
    [ ${#reports_with_failures[@]} -eq 0 ] || node eng/dev/failed-tests.mjs "${reports_with_failures[@]}" || true
    [ ${#complaints[@]} -eq 0 ] || printf 'FAILED  %s\n' "${complaints[@]}"
    say "$passed passed, $failed failed"
    [ "$failed" -eq 0 ]
    exit
}
