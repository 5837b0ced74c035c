#!/usr/bin/env bash
# `mediad keys`, beside a server and without one.
# shellcheck source-path=SCRIPTDIR source=cases.sh
. "$(dirname "${BASH_SOURCE[0]}")/cases.sh"

# rotated <keys>: the command before did it, and so many keys count now.
rotated() {
  equal "$status" 0
  equal "$output" "keys that count now: $1"
  equal "$problems" ''
}

# sign: the path of an address that shows a file, signed now, in $signed.
sign() {
  signed=$(curl -sSf -H 'Content-Type: application/json' -d '{"of":"content"}' "http://$address/v1/files/$id/sign" |
    python3 -c 'import json,sys; print(json.load(sys.stdin)["url"])')
}

# shown <status>: what the address in $signed is answered with.
shown() { equal "$(curl -sS -o "$scratch/shown" -w '%{http_code}' "http://$address$signed")" "$1"; }

it_rotates_without_a_server() {
  run keys rotate
  rotated 2
  equal "$(stat -c %a "$root/system/keys")" 600
  run keys rotate
  rotated 3
  run keys rotate --forget
  rotated 1
  equal "$(wc -l <"$root/system/keys")" 1
}

it_rotates_beside_a_running_server() {
  start
  id=$(curl -sSf --data-binary 'some text' "http://$address/v1/files?name=a.txt" |
    python3 -c 'import json,sys; print(json.load(sys.stdin)["id"])')
  equal "$(stat -c %a "$root/system/keys")" 600
  sign
  shown 200
  run keys rotate
  rotated 2
  shown 200
  run keys rotate --forget
  rotated 1
  shown 401
  sign
  shown 200
  stop TERM
  start
  shown 200
  stop TERM
}

it_says_that_a_file_holds_no_keys() {
  run keys rotate
  echo 'no key' >"$root/system/keys"
  run keys rotate
  equal "$status" 1
  holds "$problems" 'system/keys holds a line that is no key'
  run serve --set server.listen=127.0.0.1:0
  equal "$status" 1
  holds "$problems" 'system/keys holds a line that is no key'
}

it_says_how_it_is_called() {
  run keys
  equal "$status" 2
  run keys forget
  equal "$status" 2
}

run_cases
