#!/usr/bin/env bash
# `mediad serve` as whoever starts it sees it.
# shellcheck source-path=SCRIPTDIR source=cases.sh
. "$(dirname "${BASH_SOURCE[0]}")/cases.sh"

it_says_in_one_line_where_it_listens_and_ends_with_0_at_sigterm() {
  start serve
  equal "$(curl -sS -o /dev/null -w '%{http_code}' "http://$address/livez")" 200
  stop TERM
  equal "$status" 0
  equal "$rest" ''
}

it_serves_without_a_command_and_ends_with_0_at_sigint() {
  start
  equal "$(curl -sS -o /dev/null -w '%{http_code}' "http://$address/livez")" 200
  stop INT
  equal "$status" 0
}

it_goes_on_at_signals_that_mean_nothing_to_it() {
  start serve
  local signal
  for signal in HUP USR1 USR2; do
    kill -"$signal" "$pid"
    equal "$(curl -sS -o /dev/null -w '%{http_code}' "http://$address/livez")" 200
  done
  stop TERM
  equal "$status" 0
}

it_ends_its_worker_processes_with_itself() {
  start
  curl -sS -o /dev/null --data-binary 'some text' "http://$address/v1/files?name=a.txt"
  local workers
  workers=$(pgrep -P "$pid") || fail "no worker was started"
  stop TERM
  local worker
  for worker in $workers; do
    [ ! -e "/proc/$worker" ] || fail "worker $worker is still there"
  done
}

it_lays_out_the_user_the_store_and_the_system_folders() {
  start
  local folder
  for folder in users store/{blobs,previews,renditions,archives} system/{db,staging,work,quarantine,trash,logs}; do
    [ -d "$root/$folder" ] || fail "$folder is missing"
  done
  stop TERM
  equal "$status" 0
}

it_refuses_a_root_that_another_server_has() {
  start
  run --set server.listen=127.0.0.1:0
  equal "$status" 1
  equal "$output" ''
  [ -n "$problems" ] || fail 'no reason is given'
  stop TERM
  equal "$status" 0
}

it_does_not_start_with_a_file_in_place_of_a_folder_and_names_it() {
  mkdir -p "$root/store"
  : >"$root/store/blobs"
  run --set server.listen=127.0.0.1:0
  equal "$status" 1
  equal "$output" ''
  holds "$problems" "$root/store/blobs"
}

it_does_not_start_on_a_port_that_is_taken_and_names_it() {
  start
  run --set "server.listen=$address" --set "storage.root=$scratch/other"
  equal "$status" 1
  holds "$problems" "$address"
  stop TERM
}

it_does_not_start_with_wrong_settings() {
  run --set server.listen=everywhere --set log.level=loud
  equal "$status" 2
  equal "$output" ''
  holds "$problems" 'server.listen'
  holds "$problems" 'log.level'
  [ ! -e "$root" ] || fail 'it made the data folder'
}

it_ends_with_1_when_its_database_cannot_be_synced_and_starts_again_without_the_file() {
  # LeakSanitizer cannot work while the process is traced.
  export ASAN_OPTIONS=detect_leaks=0
  start
  local trace line
  exec {trace}< <(exec strace -f -p "$pid" -o /dev/null -P "$root/system/db/data.mdb" \
    -e trace=fdatasync -e inject=fdatasync:error=EIO 2>&1)
  read -r -t 60 line <&"$trace" || fail 'strace does not start'
  holds "$line" attached
  equal "$(curl -sS -o /dev/null -w '%{http_code}' --data-binary 'some text' "http://$address/v1/files?name=a.txt")" 500
  await_end
  equal "$status" 1
  holds "$(<"$scratch/log")" 'Input/output error'

  start
  holds "$(curl -sS "http://$address/v1/files")" '"files":[]'
  stop TERM
  equal "$status" 0
}

run_cases
