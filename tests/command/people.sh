# shellcheck shell=bash disable=SC2154,SC2034
# Sourced by the suites about people.
# shellcheck source-path=SCRIPTDIR source=cases.sh
. "$(dirname "${BASH_SOURCE[0]}")/cases.sh"

password='salty-waves!'

# user <argument>…: `mediad user` with the password on standard input.
user() { run user "$@" <<<"$password"; }

# done_so: the command before did what it was told, and had nothing to say.
done_so() {
  equal "$status" 0
  equal "$output" ''
  equal "$problems" ''
}

# refused <exit status> <words of the sentence>
refused() {
  equal "$status" "$1"
  equal "$output" ''
  holds "$problems" "$2"
}

# code <argument of curl>…: the status of the answer.
code() { curl -sS -o /dev/null -w '%{http_code}' "$@"; }

# sign_in <name>: its cookie is in $scratch/<name>.
sign_in() {
  code -c "$scratch/$1" -H 'Content-Type: application/json' -d "{\"name\":\"$1\",\"password\":\"$password\"}" \
    "http://$address/v1/session"
}
