# shellcheck shell=bash disable=SC2034,SC2154,SC2119
# Sourced by the suites here: a case is a function named by the sentence it proves.
# Needs MEDIAD, the program. Each case runs in a shell of its own with a fresh $root.
set -euo pipefail

# start <argument>…: a server on a free port with its data in $root; sets pid and address.
start() {
  coproc server { exec "$MEDIAD" --set server.listen=127.0.0.1:0 --set "storage.root=$root" "$@" 2>"$scratch/log"; }
  pid=$server_PID
  local line
  read -r -t 60 line <&"${server[0]}" || { cat "$scratch/log" >&2; fail "no line on standard output"; }
  [[ $line =~ ^mediad\ listening\ on\ http://(127\.0\.0\.1:[1-9][0-9]*)$ ]] || fail "an odd line: $line"
  address=${BASH_REMATCH[1]}
}

# stop [signal]: ends the server; its exit status is in $status, what it still said in $rest.
stop() {
  local output
  exec {output}<&"${server[0]}"
  [ "${1-}" = - ] || kill -"${1-TERM}" "$pid"
  rest=$(timeout 60 cat <&"$output") || fail "it did not stop"
  status=0
  wait "$pid" || status=$?
}

# await_end: the same without asking for it.
await_end() { stop -; }

# run <argument>…: the program to its end, with its data in $root; sets status, output, problems.
run() {
  status=0
  output=$(timeout 240 "$MEDIAD" --set "storage.root=$root" "$@" 2>"$scratch/problems") || status=$?
  problems=$(<"$scratch/problems")
}

fail() {
  echo "FAILED: $1" >&2
  printf '%s\n' "${output-}" "${problems-}" >&2
  exit 1
}

equal() { [ "$1" = "$2" ] || fail "'$1' is not '$2'"; }
holds() { [[ $1 == *"$2"* ]] || fail "nothing says '$2'"; }
lacks() { [[ $1 != *"$2"* ]] || fail "something says '$2'"; }

# All functions whose names begin with it_, each in its own shell and folder.
run_cases() {
  local name failed=0 count=0
  for name in $(compgen -A function it_); do
    count=$((count + 1))
    if (
      scratch=$(mktemp -d)
      trap 'kill -KILL ${pid-} 2>/dev/null || true; chmod -R u+rwX "$scratch"; rm -rf "$scratch"' EXIT
      cd "$scratch"
      root=$scratch/root
      "$name"
    ); then
      echo "passed: ${name//_/ }"
    else
      echo "FAILED: ${name//_/ }"
      failed=$((failed + 1))
    fi
  done
  echo "$count cases, $failed failed"
  [ "$count" -gt 0 ] && [ "$failed" = 0 ]
}
