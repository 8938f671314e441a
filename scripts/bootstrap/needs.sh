# shellcheck shell=bash
# shellcheck disable=SC2154  # root, device, program and yes are ./gridstride's, which sources this
# What a build needs from the system, how to see that it is there, and how to get it.

# package | how it shows | what for (build: always; cpu: the emulator; test: the tests; extra: better with it)
system_needs='
g++                  cmd:g++                            build
cmake                cmd:cmake                          build
ninja-build          cmd:ninja                          build
libcli11-dev         header:CLI/CLI.hpp                 build
libfmt-dev           header:fmt/core.h                  build
nlohmann-json3-dev   header:nlohmann/json.hpp           build
zlib1g-dev           header:zlib.h                      build
libpng-dev           header:png.h                       build
libssl-dev           header:openssl/evp.h               build
libcurl4-openssl-dev header:curl/curl.h                 build
ca-certificates      file:/etc/ssl/certs/ca-certificates.crt build
libboost-context-dev header:boost/context/detail/fcontext.hpp cpu
libtbb-dev           header:tbb/task_arena.h            cpu
libthrust-dev        header:thrust/version.h            cpu,extra
libgtest-dev         header:gtest/gtest.h               test
libbenchmark-dev     header:benchmark/benchmark.h       test,extra
chromium             cmd:chromium                       test,extra
ccache               cmd:ccache                         extra
'

is_there() { # how it shows
  local dir what=${1#*:}
  case $1 in
    cmd:g++) command -v "${CXX:-g++}" >/dev/null ;;
    cmd:*) command -v "$what" >/dev/null ;;
    file:*) [ -e "$what" ] ;;
    header:*)
      for dir in "$root/.deps/usr/include" /usr/local/include /usr/include /usr/include/*-linux-gnu; do
        if [ -e "$dir/$what" ]; then return 0; fi
      done
      return 1 ;;
  esac
}

# Does a need concern this device and purpose (program or tests)?
concerns() { # what for, purpose
  case ,$1, in
    *,cpu,*) [ "$device" = cpu ] ;;
    *,test,*) [ "$2" = tests ] ;;
  esac
}

# Packages that are missing for a purpose; with a second word "extra" those too that it can do without.
missing_packages() { # purpose [extra]
  local package shows for
  while read -r package shows for; do
    [ -n "$package" ] || continue
    case ,$for, in *,extra,*) [ "${2:-}" = extra ] || continue ;; esac
    if concerns "$for" "$1" && ! is_there "$shows"; then echo "$package"; fi
  done <<<"$system_needs"
}

known_to_apt() { apt-cache show --no-all-versions "$1" >/dev/null 2>&1; }

lists_are_stale() { # packages
  local package
  [ -n "$(find /var/lib/apt/lists -maxdepth 1 -name '*_Packages*' -mtime -7 -print -quit 2>/dev/null)" ] || return 0
  for package in "$@"; do known_to_apt "$package" || return 0; done
  return 1
}

as_root=()
apt() {
  local log=$root/build/install.log
  mkdir -p "$root/build"
  say "+ ${as_root[*]:+${as_root[*]} }apt-get $*"
  if ! "${as_root[@]}" env DEBIAN_FRONTEND=noninteractive apt-get -q -o Dpkg::Use-Pty=0 "$@" >"$log" 2>&1; then
    tail -n 15 "$log" >&2
    return 1
  fi
}

# What a person types to get packages.
install_command() { # packages
  local sudo=''
  if [ "$(id -u)" -ne 0 ] && command -v sudo >/dev/null; then sudo='sudo '; fi
  if lists_are_stale "$@"; then printf '%sapt-get update && ' "$sudo"; fi
  printf '%sapt-get install -y --no-install-recommends %s' "$sudo" "$*"
}

# Install what is missing: ask first, unless --yes answered.
install_missing() { # purpose
  local missing wanted package answer how stale=no
  mapfile -t missing < <(missing_packages "$1")
  [ ${#missing[@]} -gt 0 ] || return 0
  command -v apt-get >/dev/null ||
    fail "this system has no apt-get; install what Debian calls: ${missing[*]}"
  if [ "$(id -u)" -ne 0 ]; then
    if ! command -v sudo >/dev/null; then fail "missing: ${missing[*]}. As root, run: $(install_command "${missing[@]}")"; fi
    as_root=(sudo)
  fi
  if lists_are_stale "${missing[@]}"; then stale=yes; fi
  mapfile -t wanted < <(missing_packages "$1" extra | while read -r package; do
    if [ "$stale" = yes ] || known_to_apt "$package"; then echo "$package"; fi
  done)
  how=$(install_command "${wanted[@]}")
  if [ "$yes" != yes ]; then
    if ! [ -t 0 ] || ! [ -t 2 ]; then fail "missing: ${missing[*]}. Give --yes to install them, or run: $how"; fi
    say "Missing: ${wanted[*]}"
    read -r -p "Install them now ($how)? [Y/n] " answer
    case $answer in ''|[yY]*) ;; *) fail "nothing was installed; later: $how" ;; esac
  elif [ ${#as_root[@]} -gt 0 ] && ! [ -t 0 ] && ! sudo -n true 2>/dev/null; then
    fail "missing: ${missing[*]}. sudo asks for a password here; run: $how"
  fi
  # A source of somebody else's that does not answer need not be in the way.
  if [ "$stale" = yes ]; then apt update || say "apt-get update failed; going on with the lists that are here"; fi
  for package in "${wanted[@]}"; do
    if [[ " ${missing[*]} " != *" $package "* ]] && known_to_apt "$package"; then missing+=("$package"); fi
  done
  apt install -y --no-install-recommends "${missing[@]}" || fail "apt-get install failed; the whole output is in $root/build/install.log"
  mapfile -t missing < <(missing_packages "$1")
  [ ${#missing[@]} -eq 0 ] || fail "still missing after the installation: ${missing[*]}"
}

version_of() { # command
  command -v "$1" >/dev/null || return 0
  case $1 in
    nvcc) nvcc --version | sed -n 's/.*release \([0-9.]*\).*/\1/p' ;;
    *) "$1" --version 2>/dev/null | grep -oE '[0-9]+(\.[0-9]+)+' | head -n 1 ;;
  esac
}

doctor() { # [--json]
  local package shows for state missing have=() word
  for word in "$@"; do
    if [ "$word" = --help ] || [ "$word" = -h ]; then echo "usage: gridstride doctor [--json]"; exit 0; fi
    if [ "$word" != --json ]; then fail "doctor: unexpected '$word' (see: ./gridstride doctor --help)" 2; fi
  done
  mapfile -t missing < <(missing_packages tests extra)
  local how
  how=$(install_command "${missing[@]}")
  if [ "${1:-}" = --json ]; then
    if [ -x "$program" ]; then return 0; fi
    printf '{"device": "%s", "built": false, "missing": [%s], "install": "%s"}\n' "$device" \
      "$(printf '"%s", ' "${missing[@]}" | sed 's/, $//; s/""//')" "${missing[*]:+$how}"
    exit 0
  fi
  echo "device: $device"
  while read -r package shows for; do
    if [ -z "$package" ] || ! concerns "$for" tests; then continue; fi
    if is_there "$shows"; then
      have+=("$package")
    else
      case ,$for, in *,extra,*) state='missing, can do without' ;; *) state=MISSING ;; esac
      printf '  %-24s %s\n' "$package" "$state"
    fi
  done <<<"$system_needs"
  echo "  present: ${have[*]:-nothing}"
  for package in "${CXX:-g++}" cmake ninja nvcc; do
    printf '  %-24s %s\n' "$package" "$(PATH=$PATH:/usr/local/cuda/bin version_of "$package" | grep . || echo 'not found')"
  done
  if ! gpu_answers; then echo "  GPU                      none answers; kernels run on the emulator"; fi
  if [ ${#missing[@]} -gt 0 ]; then echo "  install with: $how"; fi
  if ! [ -x "$program" ]; then echo "  nothing is built yet; the first command builds it"; exit 0; fi
}
