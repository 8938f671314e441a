# shellcheck shell=bash
# shellcheck disable=SC2154  # root, device and preset are ./gridstride's, which sources this
# ./gridstride test: build the tests, run them with CTest, say what passed and name what was skipped.

test_usage='usage: gridstride test [-k FILTER] [--asan] [--device cpu|cuda|auto] [--yes]
  -k FILTER   only tests whose name contains FILTER (a regular expression)
  --asan      under AddressSanitizer and UndefinedBehaviorSanitizer, on the emulator: one order of the threads, and
              without mutants and whole trainings, which take too long there'

# Skipped tests under their reason, out of CTest's log: the line behind "file:line: Skipped".
skipped_tests() { # log
  awk '
    /^[0-9]+\/[0-9]+ Testing: / { name = $0; sub(/^[^:]*: /, "", name); why = "no reason given"; next }
    /: Skipped$/ { getline why; next }
    /^\[  SKIPPED \]/ && !(name in seen) { seen[name] = 1; names[why] = names[why] "    " name "\n" }
    END { for (why in names) printf "  %s\n%s", why, names[why] }
  ' "$1"
}

run_tests() {
  local filter=() folder status=0 log total failed skipped
  while [ $# -gt 0 ]; do
    case $1 in
      -k) [ $# -gt 1 ] || fail "test -k wants a filter (see: ./gridstride test --help)" 2; filter=(-R "$2"); shift ;;
      --asan) preset=cpu-asan ;;
      -h|--help) echo "$test_usage"; exit 0 ;;
      *) fail "test: unexpected '$1' (see: ./gridstride test --help)" 2 ;;
    esac
    shift
  done
  if [ "$preset" = cpu-asan ]; then
    [ "$device" = cpu ] || fail "--asan checks the emulator: ./gridstride test --asan --device cpu" 2
  fi
  echo "device: $device"
  bring_up_to_date tests all
  folder=$root/build/$preset
  log=$folder/Testing/Temporary/LastTest.log
  rm -f "$log"
  (cd "$folder" && ctest -j "$(nproc)" --output-on-failure --no-tests=error --no-label-summary "${filter[@]}" 2>&1) |
    tee "$folder/test.log" | condense "Testing" || status=$?
  if grep -q '^No tests were found' "$folder/test.log"; then fail "no test matches '${filter[1]:-}'" 2; fi
  total=$(grep -cE '^ *[0-9]+/[0-9]+ Test +#' "$folder/test.log" || true)
  skipped=$(grep -cE '^ *[0-9]+/[0-9]+ Test +#.*\*\*\*(Skipped|Not Run .Disabled)' "$folder/test.log" || true)
  failed=$((total - skipped - $(grep -cE '^ *[0-9]+/[0-9]+ Test +#.* Passed +[0-9.]+ sec' "$folder/test.log" || true)))
  if [ "$skipped" -gt 0 ]; then
    echo "skipped, and why:"
    skipped_tests "$log"
  fi
  if [ -f "$folder/left-out" ]; then
    echo "left out, for sanitizers make them take minutes:"
    cat "$folder/left-out"
  fi
  echo "$((total - skipped - failed)) passed, $failed failed, $skipped skipped"
  if [ "$status" -ne 0 ] && [ "$failed" -eq 0 ]; then fail "ctest ended with status $status; see $folder/test.log"; fi
  exit "$((failed > 0 ? 1 : 0))"
}
