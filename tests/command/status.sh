#!/usr/bin/env bash
# `mediad status`, beside a server and without one.
# shellcheck source-path=SCRIPTDIR source=cases.sh
. "$(dirname "${BASH_SOURCE[0]}")/cases.sh"

# member <path>: of the JSON in $output, as in member "['files']['total']".
member() { python3 -c "import json,sys; print(json.load(sys.stdin)$1)" <<<"$output"; }

it_tells_what_a_running_server_does_and_has() {
  start
  curl -sS -o /dev/null --data-binary 'some text' "http://$address/v1/files?name=a.txt"
  run status
  equal "$status" 0
  equal "$problems" ''
  holds "$output" "process $pid, up "
  holds "$output" "address     http://$address"
  holds "$output" 'lane        preview: '
  holds "$output" 'files       1 with 9 B'
  run status --json
  equal "$status" 0
  equal "$(member "['running']")" True
  equal "$(member "['pid']")" "$pid"
  equal "mediad $(member "['version']")" "$("$MEDIAD" --version)"
  equal "$(member "['addresses']")" "['http://$address']"
  equal "$(member "['files']['total']")" 1
  equal "$(member "['files']['bytes']")" 9
  equal "$(member "['lanes'][0]['name']")" preview
  equal "$(member "['lanes'][0]['configured']")" 2
  equal "$(member "['lanes'][1]['stopped']")" 0
  equal "$(member "['backlog']['configured']")" 1000
  equal "$(member "['workers'][0]['kind']")" light
  [ "$(member "['events']['newest']")" -gt 0 ] || fail 'it knows no event'
  [ "$(member "['disk']['free_bytes']")" -gt 0 ] || fail 'it knows no free room'
  stop TERM
  equal "$status" 0
  [ ! -e "$root/system/admin.sock" ] || fail 'the socket is still there'
}

it_tells_admins_the_same_by_http_and_reads_again_what_it_is_told_to() {
  start
  output=$(curl -sS "http://$address/v1/admin/status")
  equal "$(member "['pid']")" "$pid"
  equal "$(member "['addresses']")" "['http://$address']"
  equal "$(member "['lanes'][1]['stopped']")" 0
  equal "$(member "['copies']['kept']")" 0
  equal "$(curl -sS -X POST "http://$address/v1/admin/reload")" '{"certificate":null}'
  stop TERM
}

it_sees_an_upload_that_is_open() {
  start
  curl -sS -o /dev/null -X POST -H 'Tus-Resumable: 1.0.0' -H 'Upload-Length: 1048576' "http://$address/v1/files"
  run status --json
  equal "$(member "['uploads']['open']")" 1
  equal "$(member "['uploads']['open_bytes']")" 1048576
  stop TERM
}

it_says_that_no_server_runs_ends_with_3_and_tells_what_is_stored() {
  run status
  equal "$status" 3
  holds "$problems" 'no server runs'
  holds "$problems" "$root holds no files yet"
  start
  curl -sS -o /dev/null --data-binary 'some text' "http://$address/v1/files?name=a.txt"
  stop TERM
  run status
  equal "$status" 3
  holds "$problems" 'no server runs'
  holds "$output" 'files       1 with 9 B'
  lacks "$output" 'lane '
  run status --json
  equal "$status" 3
  equal "$(member "['running']")" False
  equal "$(member "['files']['total']")" 1
}

it_notices_that_the_server_was_killed_and_finds_the_next_one() {
  start
  stop KILL
  [ -S "$root/system/admin.sock" ] || fail 'this proves nothing: the socket is gone'
  run status
  equal "$status" 3
  holds "$problems" 'no server runs'
  start
  run status
  equal "$status" 0
  stop TERM
}

it_works_in_a_folder_deeper_than_the_name_of_a_socket_is_long() {
  root=$scratch/$(printf 'd%.0s' {1..100})/$(printf 'e%.0s' {1..100})
  start
  run status
  equal "$status" 0
  stop TERM
}

it_refuses_another_user_by_the_mode_of_the_socket_and_by_who_asks() {
  [ "$(id -u)" = 0 ] || { echo 'only root can be somebody else: left out' >&2; return 0; }
  start
  equal "$(stat -c %a "$root/system/admin.sock")" 600
  # Whatever else is in the way of another user is opened, so that only the socket is left.
  chmod 755 "$scratch" "$root" "$root/system"
  as_nobody
  equal "$status" 1
  holds "$problems" 'only the user whom the server runs as, or root, may ask it'
  equal "$output" ''
  chmod 666 "$root/system/admin.sock"
  as_nobody
  equal "$status" 1
  holds "$problems" 'only the user whom the server runs as, or root, may ask it'
  equal "$output" ''
  holds "$(<"$scratch/log")" 'refused a command of user 65534'
  stop TERM
}

# The program, asking as user 65534.
as_nobody() {
  status=0
  cp -n "$MEDIAD" "$scratch/mediad"
  output=$(setpriv --reuid=65534 --regid=65534 --clear-groups "$scratch/mediad" --set "storage.root=$root" status \
    2>"$scratch/problems") || status=$?
  problems=$(<"$scratch/problems")
}

it_answers_in_time_while_uploads_come() {
  start
  local i senders=()
  for i in {1..20}; do
    head -c 300000 /dev/urandom | curl -sSf -o /dev/null --data-binary @- "http://$address/v1/files?name=$i.bin" &
    senders+=($!)
  done
  run status --json
  equal "$status" 0
  for i in "${senders[@]}"; do wait "$i"; done
  run status --json
  equal "$(member "['files']['total']")" 20
  stop TERM
}

run_cases
