#!/usr/bin/env bash
# `mediad user remove`, beside a server and without one, and what is remembered of it.
# shellcheck source-path=SCRIPTDIR source=people.sh
. "$(dirname "${BASH_SOURCE[0]}")/people.sh"

# nothing_of <name>: neither folders nor an account, and no bytes but those of others.
nothing_of() {
  [ ! -e "$root/users/$1" ] || fail "the folder of $1 is still there"
  run user list
  lacks "$output" "$1"
}

# upload <token> <name> <bytes>
upload() {
  equal "$(code -H "Authorization: Bearer $1" --data-binary "$3" "http://$address/v1/files?name=$2")" 201
}

# people_with_files: ada, an admin, and mia; both have files, one with the same bytes. mia's token is in $token.
people_with_files() {
  user add ada --admin --password-stdin
  user add mia --password-stdin
  local name
  for name in ada mia; do
    run user token "$name" --called camera --scope upload,read
    token=$output
    upload "$token" shared.txt 'some text'
    upload "$token" own.txt "only of $name"
  done
}

it_removes_a_user_with_all_files_while_the_server_runs() {
  start
  people_with_files
  run user remove mia --delete-files
  done_so
  equal "$(code -H "Authorization: Bearer $token" "http://$address/v1/files")" 401
  equal "$(sign_in mia)" 401
  nothing_of mia
  equal "$(<"$root/users/ada/originals/shared.txt")" 'some text'
  run status
  holds "$output" 'files       2 with'
  equal "$(find "$root/store/blobs" -type f | wc -l)" 2
  user add mia --password-stdin
  done_so
  stop TERM
  equal "$status" 0
}

it_hands_the_files_of_a_user_over_while_the_server_runs() {
  start
  people_with_files
  run user remove mia --hand-over ada
  done_so
  equal "$(code -H "Authorization: Bearer $token" "http://$address/v1/files")" 401
  nothing_of mia
  equal "$(<"$root/users/ada/originals/mia/own.txt")" 'only of mia'
  equal "$(<"$root/users/ada/originals/own.txt")" 'only of ada'
  run status
  holds "$output" 'files       4 with'
  stop TERM
  equal "$status" 0
}

it_removes_users_without_a_server() {
  start
  people_with_files
  stop TERM
  user add bea --password-stdin
  run user remove bea --delete-files
  done_so
  nothing_of bea
  run user remove mia --hand-over ada
  done_so
  nothing_of mia
  equal "$(<"$root/users/ada/originals/mia/own.txt")" 'only of mia'
  start
  run status
  holds "$output" 'files       4 with'
  stop TERM
  equal "$status" 0
}

it_removes_nobody_who_must_stay() {
  user add ada --admin --password-stdin
  user add mia --password-stdin
  run user remove mia
  refused 2 'say what becomes of the files: --delete-files, or --hand-over OTHER'
  run user remove mia --delete-files --hand-over ada
  refused 2 'say what becomes of the files'
  run user remove ada --delete-files
  refused 1 'ada is the only admin who can sign in'
  run user remove mia --hand-over nobody
  refused 1 'no user nobody'
  run user remove mia --hand-over mia
  refused 1 'nobody inherits from themselves'
  run user remove nobody --delete-files
  refused 1 'no user nobody'
  run user list
  holds "$output" mia
}

it_tells_admins_what_was_done() {
  start
  people_with_files
  equal "$(sign_in ada)" 204
  run user remove mia --delete-files
  done_so
  sleep 1
  local audit
  audit=$(curl -sSf -b "$scratch/ada" "http://$address/v1/audit")
  holds "$audit" '"act":"user.removed","user":null,"credential":null,"address":null,"about":"mia"'
  holds "$audit" '"act":"session.begun"'
  holds "$audit" '"act":"token.made"'
  lacks "$audit" "$password"
  holds "$(<"$scratch/log")" 'user remove: mia, on the machine'
  stop TERM
}

run_cases
