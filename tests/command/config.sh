#!/usr/bin/env bash
# `mediad config` and the options that every command shares.
# shellcheck source-path=SCRIPTDIR source=cases.sh
. "$(dirname "${BASH_SOURCE[0]}")/cases.sh"

it_finds_no_fault_without_any_setting() {
  run config check
  equal "$status" 0
  holds "$output" 'sound'
  equal "$problems" ''
}

it_reports_every_mistake_with_file_line_and_key_and_ends_with_2() {
  printf '[server]\nthreads = 0\nport = 80\n\n[uploads]\npreview_wait = "300"\n' >wrong.toml
  MEDIAD_LANES__BATCH=many run config check --config wrong.toml --set processing.max_attempts=11
  equal "$status" 2
  equal "$output" ''
  holds "$problems" 'wrong.toml:2: server.threads: 0 is refused; allowed: a whole number, 1..64'
  holds "$problems" 'wrong.toml:3: server.port: unknown key'
  holds "$problems" 'wrong.toml:6: uploads.preview_wait: "300" is refused; allowed: a duration in ms, s, m or h'
  holds "$problems" 'MEDIAD_LANES__BATCH: lanes.batch: "many" is refused'
  holds "$problems" '--set processing.max_attempts: processing.max_attempts: 11 is refused'
  equal "$(wc -l <<<"$problems")" 5
}

it_ends_every_command_with_2_when_a_setting_is_wrong() {
  local command
  for command in '' serve doctor 'config check' 'config show'; do
    # shellcheck disable=SC2086 # two words are two arguments
    run $command --set log.level=loud
    equal "$status" 2
    equal "$output" ''
  done
}

it_reads_the_file_where_it_is_started() {
  mkdir config
  printf '[server]\nthreads = 9\n' >config/mediad.toml
  run config show
  holds "$output" 'threads = 9 # config/mediad.toml:2'
}

it_takes_options_before_and_after_the_command() {
  run --set server.threads=3 config --set server.grace=3s show --set log.level=error
  equal "$status" 0
  holds "$output" 'threads = 3 '
  holds "$output" 'grace = "3s" '
  holds "$output" 'level = "error" '
}

it_shows_what_it_can_read_back() {
  run config show --set image.widths=100,200
  printf '%s\n' "$output" >shown.toml
  run config check --config shown.toml
  equal "$status" 0
}

it_refuses_what_it_does_not_know_with_2() {
  run launch
  equal "$status" 2
  run --frobnicate
  equal "$status" 2
  run config
  equal "$status" 2
}

it_tells_its_version_and_what_it_can_do() {
  run --version
  equal "$status" 0
  [[ $output =~ ^mediad\ [0-9]+\.[0-9]+\.[0-9]+$ ]] || fail 'this is no version'
  run --help
  equal "$status" 0
  local command
  for command in serve doctor status config; do
    holds "$output" "  $command "
  done
}

run_cases
