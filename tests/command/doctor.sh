#!/usr/bin/env bash
# `mediad doctor`: the overall check that all still works as intended, and that it notices when not.
# shellcheck source-path=SCRIPTDIR source=cases.sh
. "$(dirname "${BASH_SOURCE[0]}")/cases.sh"

all_sound() {
  equal "$status" 0
  lacks "$output" FAIL
  local part
  for part in 'user root and its folders' 'store root and its folders' 'system root and its folders' 'database' \
    'worker for light' 'worker for deep_image' 'worker for av' 'worker for document' 'LibreOffice' 'disk' \
    'events over WebSocket' 'image (image.jpg)' 'video (video.mp4)' 'audio (audio.mp3)' 'document (document.pdf)' \
    'document (document.txt)' 'document (office.docx)' 'other (other.bin)' "user's folder"; do
    holds "$output" "  ok    $part"
  done
  equal "$(ls "$root/system/work")" ''
}

it_finds_a_fresh_root_sound_and_sends_a_file_of_every_profile() {
  run doctor
  all_sound
}

it_works_beside_a_running_server_and_leaves_it_alone() {
  start
  run doctor
  all_sound
  holds "$(curl -sS "http://$address/v1/files" | tr -d ' \n')" '"files":[]'
  [ ! -e "$root/users/doctor" ] || fail 'its files are among those of the server'
  stop TERM
  equal "$status" 0
}

# What cannot be a database takes the place of the one that the server has open.
it_asks_a_running_server_and_opens_no_database_beside_it() {
  start
  send a
  run user add ada --admin --password-stdin <<<'salty-waves!'
  equal "$status" 0
  mv "$root/system/db" "$scratch/db"
  mkdir "$root/system/db"
  head -c 8192 /dev/urandom >"$root/system/db/data.mdb"
  run doctor
  equal "$status" 0
  holds "$output" '  ok    database: opens; newest event'
  holds "$output" '  ok    people: 1 may sign in, 1 of them as admins; 0 tokens'
  holds "$output" '  ok    files: 1 files compared with the disk'
  rm -r "$root/system/db"
  mv "$scratch/db" "$root/system/db"
  stop TERM
  equal "$status" 0
}

it_names_the_sub_folder_in_whose_place_a_file_is() {
  laid_out
  rmdir "$root/system/quarantine"
  : >"$root/system/quarantine"
  run doctor
  equal "$status" 1
  holds "$output" "  FAIL  system root and its folders: $root/system/quarantine"
  holds "$output" '  ok    user root and its folders'
}

it_names_a_sub_folder_that_is_missing() {
  laid_out
  rmdir "$root/store/archives/00"
  run doctor
  equal "$status" 1
  holds "$output" "  FAIL  store root and its folders: $root/store/archives/00"
}

it_notices_a_database_that_is_none() {
  laid_out
  local file
  file=$(find "$root/system/db" -name '*.mdb' ! -name 'lock*')
  [ -n "$file" ] || fail 'there is no database file'
  head -c 8192 /dev/urandom >"$file"
  run doctor
  equal "$status" 1
  holds "$output" '  FAIL  database'
}

# send <name>: a file of that name and its own bytes to the running server, until its work is done.
send() {
  head -c 100000 /dev/urandom >"$scratch/$1"
  curl -sSf -o /dev/null --data-binary "@$scratch/$1" "http://$address/v1/files?name=$1"
  idle
}

# idle: waits until no file is worked on and no name is left in staging.
idle() {
  local files
  for _ in {1..200}; do
    files=$(curl -sS "http://$address/v1/files" | tr -d ' \n')
    if [[ $files != *'"status":"registered"'* && $files != *'"status":"processing"'* ]] &&
      [ -z "$(ls "$root/system/staging")" ]; then
      return 0
    fi
    sleep 0.1
  done
  fail 'it never comes to rest'
}

# stored <name>: where the bytes of what was sent are.
stored() { find "$root/store/blobs" -name "$(sha256sum <"$scratch/$1" | cut -c1-64)"; }

it_heals_what_a_name_in_the_folder_of_the_person_still_has() {
  start
  send a
  stop TERM
  local file
  file=$(stored a)
  rm "$file"
  run doctor
  equal "$status" 0
  holds "$output" '1 healed'
  cmp "$file" "$scratch/a"
  run doctor
  equal "$status" 0
  lacks "$output" healed
}

it_names_what_is_lost_also_beside_a_running_server_and_ends_with_1() {
  start
  send a
  send b
  chmod u+w "$(stored a)"
  truncate -s 10 "$(stored a)"
  run doctor
  equal "$status" 1
  holds "$output" '  FAIL  file 01'
  holds "$output" 'the bytes of "a" are cut short'
  lacks "$output" '"b"'
  holds "$(curl -sS "http://$address/readyz?verbose")" '1 files lost'
  stop TERM
  run doctor
  equal "$status" 1
  holds "$output" 'the bytes of "a" are cut short'
}

it_reads_all_bytes_if_it_is_asked_to() {
  start
  send a
  stop TERM
  chmod u+w "$(stored a)"
  printf x | dd of="$(stored a)" bs=1 seek=50000 conv=notrunc status=none
  run doctor
  equal "$status" 0
  run doctor --verify
  equal "$status" 1
  holds "$output" 'the bytes of "a" are changed'
  start
  run doctor --verify
  equal "$status" 1
  holds "$output" 'the bytes of "a" are changed'
  stop TERM
}

it_has_lost_previews_made_again() {
  start
  printf 'some text' | curl -sSf -o /dev/null --data-binary @- "http://$address/v1/files?name=a.txt"
  idle
  local preview
  preview=$(find "$root/store/previews" -type f)
  [ -n "$preview" ] || fail 'this proves nothing: there is no preview'
  rm "$preview"
  run doctor
  equal "$status" 0
  holds "$output" '1 processed again'
  for _ in {1..100}; do [ -e "$preview" ] && break; sleep 0.1; done
  [ -e "$preview" ] || fail 'the preview was not made again'
  idle
  run doctor
  equal "$status" 0
  lacks "$output" 'processed again'
  stop TERM
}

it_looks_through_what_is_stored_only_where_a_server_can() {
  run doctor
  holds "$output" '  ok    files: none that could be compared yet'
}

it_says_what_is_unwise_about_names_that_a_proxy_adds() {
  run user add ada --admin --password-stdin <<<'salty-waves!'
  equal "$status" 0
  run doctor --set auth.proxy_header=Remote-User --set auth.proxy_peers=127.0.0.1
  holds "$output" 'names by proxy: auth.proxy_header: callers are whom Remote-User says, but none on this machine is believed'
  printf 'short\n' >"$scratch/secret"
  run doctor --set auth.proxy_header=Remote-User --set auth.proxy_peers=127.0.0.1 --set "auth.proxy_secret=$scratch/secret"
  equal "$status" 1
  holds "$output" "FAIL  names by proxy: auth.proxy_secret: the first line of $scratch/secret must have 16 bytes or more"
}

it_notices_that_libreoffice_is_missing() {
  run doctor --set document.office=/nowhere/soffice
  equal "$status" 1
  holds "$output" '  FAIL  LibreOffice'
  lacks "$output" 'office.docx'
}

it_notices_a_disk_with_too_little_room() {
  run doctor --set storage.min_free=1024TiB
  equal "$status" 1
  holds "$output" '  FAIL  disk'
}

# A root as a first start leaves it.
laid_out() {
  start
  stop TERM
  equal "$status" 0
}

run_cases
