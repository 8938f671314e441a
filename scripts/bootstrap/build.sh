# shellcheck shell=bash
# shellcheck disable=SC2154  # root, device and preset are ./gridstride's, which sources this
# Configure and build only what changed.

sources=(CMakeLists.txt CMakePresets.json cmake emulator kernels framework bench cli tests gridstride scripts/bootstrap)

# What the compiler for the CPU is made of: it starts for every file of somebody's project, so it looks at no more.
cc_sources=(CMakeLists.txt CMakePresets.json cmake emulator scripts/bootstrap)

# Everything that makes an old build folder useless when it changes.
configuration() {
  printf '%s\n' "$root" "$preset" "${CXX:-}" "${CXXFLAGS:-}" "${GRIDSTRIDE_WERROR:-OFF}"
}

# Is nothing newer than the stamp of a finished build? A folder counts too: it changes when files come and go.
is_fresh() { # stamp files...
  [ -f "$1" ] && [ "$(<"$1")" = "$(configuration)" ] && unchanged_since "$@"
}

unchanged_since() { # stamp files...
  local changed
  changed=$(cd "$root" && find "${@:2}" -path bench/results -prune -o -name __pycache__ -prune -o \
    -newer "$1" -print -quit) || return 1
  [ -z "$changed" ]
}

# Show the progress of ninja or ctest, "[3/40] ..." or "3/40 Test ...": one line that renews itself on a terminal, else
# a line for every tenth of the way. All other lines are news and stay.
condense() { # label
  local line what at total tenth last=-1 columns=${COLUMNS:-80}
  while IFS= read -r line; do
    if [[ $line == *"Re-checking globbed"* ]]; then continue; fi
    if [[ $line =~ ^\[([0-9]+)/([0-9]+)\]\ (.*) ]] ||
      [[ $line =~ ^\ *([0-9]+)/([0-9]+)\ Test\ +#[0-9]+:\ ([^ ]+).*(Passed|Skipped)\ +[0-9.]+\ sec ]]; then
      at=${BASH_REMATCH[1]} total=${BASH_REMATCH[2]} what=${BASH_REMATCH[3]##*/} tenth=$((10 * at / total))
      if [ -t 2 ]; then
        what="$1 [$at/$total] $what"
        printf '\r\033[K%s' "${what:0:columns-1}" >&2
      elif [ "$tenth" -ne "$last" ]; then
        say "$1 [$at/$total]"
        last=$tenth
      fi
    elif [[ -n $line && ! $line =~ ^(\ +Start\ |--\ |Test\ project\ |ninja:\ (no\ work|Entering)) ]]; then
      if [ -t 2 ]; then printf '\r\033[K' >&2; fi
      say "$line"
    fi
  done
  if [ -t 2 ]; then printf '\r\033[K' >&2; fi
}

# As many compilers as there are cores, unless memory holds fewer of them.
jobs_that_fit() {
  local by_memory cores
  cores=$(nproc)
  by_memory=$(awk '/^MemAvailable/ {print int($2 / 1200000)}' /proc/meminfo)
  echo $((by_memory < 1 ? 1 : by_memory < cores ? by_memory : cores))
}

configure() { # folder tests
  local log=$1/configure.log fresh=() home compiler=${CXX:-g++} version
  version=$("$compiler" -dumpversion 2>/dev/null || echo 0)
  if "$compiler" --version 2>/dev/null | grep -q 'Free Software Foundation' && [ "${version%%.*}" -lt 12 ]; then
    fail "$compiler is version $version, but 12 or newer is needed; install g++-12 and start with CXX=g++-12"
  fi
  home=$(sed -n 's/^CMAKE_HOME_DIRECTORY:INTERNAL=//p' "$1/CMakeCache.txt" 2>/dev/null || true)
  if [ -n "$home" ] && [ "$home" != "$root" ]; then fresh=(--fresh); fi
  say "Configuring for $device"
  if ! (cd "$root" && cmake --preset "$preset" "${fresh[@]}" -DGRIDSTRIDE_WERROR="${GRIDSTRIDE_WERROR:-OFF}" \
    -DGRIDSTRIDE_TESTS="$2") >"$log" 2>&1; then
    tail -n 25 "$log" >&2
    fail "configuring failed; the whole output is in $log"
  fi
}

# Is what a purpose needs built? Who built the tests built everything, who built the program built the compiler.
is_built() { # purpose
  local folder=$root/build/$preset stamp
  case $1 in
    cc)
      # $CXX is here the compiler of somebody's project: it says nothing about how the emulator was built.
      for stamp in cc program tests; do
        if [ -f "$folder/stamp-$stamp" ] && [ "$(head -n 1 "$folder/stamp-$stamp")" = "$root" ] &&
          unchanged_since "$folder/stamp-$stamp" "${cc_sources[@]}"; then return 0; fi
      done
      return 1 ;;
    program) is_fresh "$folder/stamp-tests" "${sources[@]}" || is_fresh "$folder/stamp-program" "${sources[@]}" ;;
    *) is_fresh "$folder/stamp-$1" "${sources[@]}" ;;
  esac
}

# Install, configure and build for a purpose (program, cc or tests), unless nothing changed since the last time.
bring_up_to_date() { # purpose [target...]
  local purpose=$1 folder=$root/build/$preset started=$SECONDS tests=OFF configured
  shift
  if is_built "$purpose"; then return 0; fi
  install_missing "$purpose"
  if ! mkdir -p "$folder" 2>/dev/null || ! : 2>/dev/null >>"$folder/lock"; then
    fail "cannot write into $folder; make it writable, or clone somewhere else"
  fi
  exec 9>>"$folder/lock"
  if ! flock -n 9; then say "Another build is under way in $folder; waiting for it."; flock 9; fi
  touch "$folder/started"
  configured=$(cat "$folder/configured" 2>/dev/null || true)
  # The tests, once wanted, stay configured: switching back and forth would cost a configuration each time.
  if [ "$purpose" = tests ] || [ "$configured" = "$(configuration; echo tests)" ]; then tests=ON; fi
  if ! [ -f "$folder/build.ninja" ] || [ "$configured" != "$(configuration; [ $tests = OFF ] || echo tests)" ]; then
    rm -f "$folder/configured"
    configure "$folder" "$tests"
    { configuration; [ $tests = OFF ] || echo tests; } >"$folder/configured"
  fi
  if ! ninja -C "$folder" -j "$(jobs_that_fit)" "$@" 2>&1 | tee "$folder/build.log" | condense "Building"; then
    fail "the build failed; the whole output is in $folder/build.log"
  fi
  configuration >"$folder/stamp-$purpose"
  touch -r "$folder/started" "$folder/stamp-$purpose"
  exec 9>&-
  if [ $((SECONDS - started)) -gt 5 ]; then say "Built in $((SECONDS - started)) s."; fi
}
