#!/usr/bin/env bash
# `mediad user`, beside a server and without one.
# shellcheck source-path=SCRIPTDIR source=people.sh
. "$(dirname "${BASH_SOURCE[0]}")/people.sh"

# member <path>: of the JSON in $output, as in member "[0]['name']".
member() { python3 -c "import json,sys; print(json.load(sys.stdin)$1)" <<<"$output"; }

# What holds whether a server runs or not.
manages_users() {
  user add ada --admin --password-stdin
  done_so
  user add mia --quota 10GiB --password-stdin
  done_so
  run user list
  equal "$output" "ada  admin, 0 files with 0 bytes
mia  member, 0 files with 0 bytes of 10GiB"
  user quota mia none
  done_so
  user disable mia
  done_so
  run user list --json
  equal "$status" 0
  equal "$(member "[0]['name']")" ada
  equal "$(member "[0]['can_sign_in']")" True
  equal "$(member "[1]['disabled']")" True
  equal "$(member "[1]['quota']")" 0
  lacks "$output" argon2
  run user list
  holds "$output" 'mia  member, disabled, 0 files'
  user enable mia
  done_so
  user password mia --password-stdin
  done_so
  run user token mia --called camera --scope read,upload
  equal "$status" 0
  [[ $output =~ ^mediad_[0-9A-Z]{26}_[0-9A-Za-z_-]{43}$ ]] || fail 'this is no token'
}

# A link is for one user, and has nothing that a server would be sent.
makes_links() {
  user add ada --admin --password-stdin
  done_so
  run user link ada --page https://media.example/
  equal "$status" 0
  [[ $output =~ ^https://media\.example/#link=[0-9A-Z]{26}\.[0-9A-Za-z_-]{43}$ ]] || fail 'this is no link'
  run user link ada
  equal "$status" 0
  [[ $output =~ ^http://127\.0\.0\.1:[0-9]+/#link= ]] || fail 'this does not lead to the server'
  run user link ada --page media.example
  equal "$status" 2
  run user link eve
  equal "$status" 1
}

# What is refused whether a server runs or not, and with which words.
refuses_mistakes() {
  user add mia --password-stdin
  refused 1 'the first who signs in must be an admin'
  user add ada --admin --password-stdin
  done_so
  user add ada --password-stdin
  refused 1 'the name ada is taken'
  user add Mia --password-stdin
  refused 2 'the name Mia must be 1 to 32 of a-z, 0-9, _ and -'
  user add mia
  refused 2 'give the password on standard input, with --password-stdin'
  user add mia --quota much --password-stdin
  refused 2 'the quota much must be a size like 10GiB, or none'
  password=short user add mia --password-stdin
  refused 2 'A password has at least 12 characters.'
  password=1234567890QWERTY user add mia --password-stdin
  refused 2 'Too many people have this password.'
  run user password ada --password-stdin </dev/null
  refused 2 'A password has at least 12 characters.'
  user disable ada
  refused 1 'ada is the only admin who can sign in'
  run user token ada --called camera --scope read,everything
  refused 2 'the scope everything must be one of upload, read, write, delete, share, admin'
  run user token ada --called "$(printf 'x%.0s' {1..101})" --scope read
  refused 2 'what the token is called must have 1 to 100 bytes'
  local command
  for command in 'password --password-stdin' disable enable link 'totp --off' 'quota 1GiB' 'token --called camera --scope read'; do
    # shellcheck disable=SC2086
    user ${command%% *} nobody ${command#"${command%% *}"}
    refused 1 'no user nobody'
  done
  run user list --json
  equal "$(member "[-1]['name']")" ada
}

it_manages_users_without_a_server() { manages_users; }

it_manages_users_beside_a_running_server() {
  start
  manages_users
  equal "$(code -H "Authorization: Bearer $output" "http://$address/v1/files")" 200
  stop TERM
  equal "$status" 0
}

# What turns a second factor off leaves the user to the password alone.
it_turns_a_second_factor_off() {
  user add ada --admin --password-stdin
  done_so
  user totp ada
  refused 2 'a second factor is set up on the page; here it can be turned off: --off'
  user totp ada --off
  done_so
  run user list --json
  equal "$(member "[0]['second_factor']")" False
}

it_makes_links_without_a_server() { makes_links; }

it_makes_links_beside_a_running_server() {
  start
  makes_links
  stop TERM
  equal "$status" 0
}

it_refuses_mistakes_without_a_server() { refuses_mistakes; }

it_refuses_mistakes_beside_a_running_server() {
  start
  refuses_mistakes
  stop TERM
  equal "$status" 0
}

it_leaves_the_files_of_another_user_alone_if_no_server_runs() {
  [ "$(id -u)" = 0 ] || { echo 'only root can be somebody else: left out' >&2; return 0; }
  user add ada --admin --password-stdin
  done_so
  chown -R 65534 "$root"
  rmdir "$root/system/work"
  user add mia --password-stdin
  refused 1 'no server runs, so run this as user 65534'
  equal "$(find "$root" -uid 0)" ''
  [ ! -e "$root/system/work" ] || fail 'a folder of root is where the server needs one of its own'
}

it_says_that_something_else_has_the_store() {
  user add ada --admin --password-stdin
  done_so
  local lock
  exec {lock}>>"$root/system/lock"
  flock -x "$lock"
  run user list
  refused 1 'another process is using'
}

it_says_how_it_is_called() {
  local arguments
  for arguments in '' add 'password' 'quota ada' 'token ada' 'token ada --called camera' 'forget ada'; do
    # shellcheck disable=SC2086
    run user $arguments </dev/null
    equal "$status" 2
    [ -n "$problems" ] || fail 'no reason is given'
  done
}

it_gives_the_first_admin_all_there_is_while_the_server_runs() {
  start
  curl -sSf -o /dev/null --data-binary 'some text' "http://$address/v1/files?name=a.txt"
  user add ada --admin --password-stdin
  done_so
  equal "$(code "http://$address/v1/files")" 401
  equal "$(code "http://$address/livez")" 200
  equal "$(sign_in ada)" 204
  holds "$(curl -sSf -b "$scratch/ada" "http://$address/v1/files")" '"name":"a.txt"'
  equal "$(<"$root/users/ada/originals/a.txt")" 'some text'
  [ ! -e "$root/users/local" ] || fail 'the former folder is still there'
  run status
  holds "$output" 'files       1 with 9 B'
  run user list
  equal "$output" 'ada  admin, 1 files with 9 bytes'
  stop TERM
  equal "$status" 0
  run status
  holds "$output" 'files       1 with 9 B'
}

it_signs_a_user_out_at_once_with_another_password() {
  start
  user add ada --admin --password-stdin
  equal "$(sign_in ada)" 204
  equal "$(code -b "$scratch/ada" "http://$address/v1/files")" 200
  password='quiet-dunes!'
  user password ada --password-stdin
  done_so
  equal "$(code -b "$scratch/ada" "http://$address/v1/files")" 401
  equal "$(sign_in ada)" 204
  stop TERM
}

it_shuts_a_disabled_user_out_until_enabled() {
  start
  user add ada --admin --password-stdin
  user add mia --password-stdin
  run user token mia --called camera --scope read
  local token=$output
  equal "$(code -H "Authorization: Bearer $token" "http://$address/v1/files")" 200
  user disable mia
  equal "$(code -H "Authorization: Bearer $token" "http://$address/v1/files")" 401
  equal "$(sign_in mia)" 401
  user enable mia
  equal "$(code -H "Authorization: Bearer $token" "http://$address/v1/files")" 200
  equal "$(sign_in mia)" 204
  stop TERM
}

it_limits_what_a_user_stores() {
  start
  user add ada --admin --quota 10B --password-stdin
  done_so
  run user token ada --called camera --scope upload
  local token=$output
  equal "$(code -H "Authorization: Bearer $token" --data-binary 'some text' "http://$address/v1/files?name=a.txt")" 201
  equal "$(code -H "Authorization: Bearer $token" --data-binary 'more' "http://$address/v1/files?name=b.txt")" 507
  user quota ada 1KiB
  done_so
  equal "$(code -H "Authorization: Bearer $token" --data-binary 'more' "http://$address/v1/files?name=b.txt")" 201
  stop TERM
}

it_keeps_what_was_changed_without_a_server_for_the_next_start() {
  user add ada --admin --password-stdin
  start
  equal "$(code "http://$address/v1/files")" 401
  equal "$(sign_in ada)" 204
  equal "$(code -b "$scratch/ada" "http://$address/v1/users")" 200
  stop TERM
  equal "$status" 0
}

it_does_not_listen_to_others_before_there_is_an_admin() {
  run --set server.listen=0.0.0.0:0
  refused 1 'server.listen'
  holds "$problems" 'mediad user add NAME --admin --password-stdin'
}

run_cases
