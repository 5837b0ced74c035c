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
