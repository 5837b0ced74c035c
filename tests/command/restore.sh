#!/usr/bin/env bash
# `mediad copy` and `mediad restore`: what they say, and what they refuse.
# shellcheck source-path=SCRIPTDIR source=cases.sh
. "$(dirname "${BASH_SOURCE[0]}")/cases.sh"

send() { curl -sSf -o /dev/null --data-binary "$2" "http://$address/v1/files?name=$1"; }

copies() { find "$root/system/copies" -mindepth 1 -maxdepth 1 -printf '%f\n' | sort; }

it_copies_beside_a_running_server_and_keeps_as_many_as_are_wanted() {
  start
  send a.txt one
  run copy
  equal "$status" 0
  equal "$output" "copied the database to $root/system/copies/$(copies)"
  cp -r "$root/system/copies/$(copies)" "$root/system/copies/20250101T000000Z"
  sleep 1
  run copy --set storage.database_copies=2
  equal "$status" 0
  equal "$(copies | wc -l)" 2
  [ ! -e "$root/system/copies/20250101T000000Z" ] || fail 'the oldest copy is still there'
  run status
  holds "$output" 'copies      2 of the database, the newest of 20'
  stop TERM
}

it_makes_no_copy_without_room_or_database_and_says_so() {
  run copy
  equal "$status" 1
  holds "$problems" 'mediad: '
  start
  run copy --set storage.min_free=1000TiB
  equal "$status" 1
  holds "$problems" 'no copy of the database is made: it would take up to'
  holds "$problems" 'storage.min_free'
  stop TERM
}

it_has_a_running_server_make_copies_at_intervals() {
  start --set storage.copy_interval=1s --set storage.database_copies=2
  for _ in {1..100}; do
    [ "$(copies 2>/dev/null | grep -cx '[0-9T]*Z')" = 2 ] && break
    sleep 0.2
  done
  equal "$(copies | grep -cx '[0-9T]*Z')" 2
  holds "$(curl -sSf "http://$address/metrics")" 'mediad_database_copies_total{result="made"} '
  stop TERM
  equal "$status" 0
}

it_makes_the_lists_anew_where_no_server_runs() {
  run index
  equal "$status" 1
  start
  send a.txt one
  run index
  equal "$status" 1
  holds "$problems" 'another process is using'
  stop TERM
  run index
  equal "$status" 0
  equal "$output" 'made the lists of 1 files'
  start
  holds "$(curl -sSf "http://$address/v1/files?sort=name")" '"total":1'
  stop TERM
}

it_restores_what_the_copy_knows_and_what_it_does_not() {
  start
  send a.txt one
  run copy
  send b.txt two
  stop TERM
  head -c 100 /dev/urandom >"$root/system/db/data.mdb"
  run restore --database
  equal "$status" 0
  equal "$problems" ''
  holds "$output" "The database is restored from $root/system/copies/$(copies), made 20"
  holds "$output" '  1 that it does not know have a record again'
  holds "$output" "The database that was there is kept: $root/system/db.broken-"
  start
  run status --json
  holds "$output" '"total": 2'
  stop TERM
}

it_takes_the_copy_that_is_named_before_other_options() {
  start
  run copy
  stop TERM
  run restore --database "$(copies)"
  equal "$status" 0
  cp -r "$root/system/copies/$(copies)" "$scratch/elsewhere"
  run restore --database elsewhere --set storage.min_free=1MiB
  equal "$status" 0
  holds "$output" "The database is restored from $scratch/elsewhere, made 20"
}

it_refuses_while_a_server_runs() {
  start
  run copy
  run restore --database
  equal "$status" 1
  holds "$problems" 'the database is not restored: another process is using'
  stop TERM
}

it_says_what_is_wrong_with_the_arguments() {
  run restore
  equal "$status" 2
  holds "$problems" 'say what is to be restored: mediad restore --database [COPY]'
  run restore --database a b
  equal "$status" 2
  run restore --databases
  equal "$status" 2
  run restore --database
  equal "$status" 1
  holds "$problems" "there is no data folder of a server in $root"
  start
  stop TERM
  run restore --database
  equal "$status" 1
  holds "$problems" "there are no copies of the database in $root/system/copies"
  run copy
  run restore --database yesterday
  equal "$status" 1
  holds "$problems" "there is no copy yesterday; in $root/system/copies there are: $(copies)"
  truncate -s 5000 "$root/system/copies/$(copies)/data.mdb"
  run restore --database
  equal "$status" 1
  holds "$problems" 'is damaged: it cannot be read whole'
  start
  stop TERM
  equal "$status" 0
}

it_is_seen_by_the_doctor_when_the_newest_copy_is_damaged() {
  start
  run copy
  stop TERM
  truncate -s 5000 "$root/system/copies/$(copies)/data.mdb"
  run doctor
  equal "$status" 1
  holds "$output" '  FAIL  copies: '
}

run_cases
