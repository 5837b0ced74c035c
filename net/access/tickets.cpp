#include "net/access/tickets.hpp"

#include "base/request_key.hpp"
#include "base/ulid.hpp"
#include "net/access/credentials.hpp"
#include "net/access/folder_access.hpp"

#include <boost/beast/core/string.hpp>

#include <algorithm>
#include <array>
#include <charconv>

namespace mediad::net {

namespace {

constexpr std::string_view purpose = "mediad ticket 2"; ///< Keeps tickets and addresses apart.
constexpr std::string_view prefix = "mediad_ticket_";
constexpr std::string_view none = "0"; ///< No maker, or no folder.
constexpr char mark = '.';

/// Id, user, maker, end, bytes, profiles, folder: what is signed; the key's id and the signature
/// follow.
constexpr std::size_t signed_words = 7;
using words = std::array<std::string, signed_words + 2>;

words words_of(const ticket& t) {
  return {t.id,
          t.user,
          t.maker.empty() ? std::string{none} : t.maker,
          std::to_string(t.expires_at),
          std::to_string(t.limits.max_bytes),
          std::to_string(t.limits.profiles),
          t.folder.empty() ? std::string{none} : t.folder};
}

std::vector<std::string_view> parts_of(const words& all) {
  std::vector<std::string_view> parts{purpose};
  for (std::size_t i = 0; i < signed_words; ++i)
    parts.emplace_back(all.at(i));
  return parts;
}

template <class Number>
Number number_of(const std::string& text) {
  Number n = 0;
  std::from_chars(text.data(), text.data() + text.size(), n);
  return n;
}

std::optional<words> take_apart(std::string_view text) {
  if (!text.starts_with(prefix) || text.ends_with(mark))
    return std::nullopt;
  text.remove_prefix(prefix.size());
  words all;
  for (auto& word : all) {
    word = text.substr(0, text.find(mark));
    text.remove_prefix(std::min(text.size(), word.size() + 1));
  }
  return text.empty() ? std::optional{all} : std::nullopt;
}

/// Whether it may still be used, or goes on with what it was used for.
result<bool> is_open(const storage::view& stored, const ticket& t) {
  const bool has_time = now_ms() < t.expires_at;
  const auto use = stored.find_key(t.user, request_key_of_ticket(t.id));
  if (!use)
    return fail(use.error());
  if (!*use)
    return has_time;
  if ((*use)->files.empty())
    return false;
  const auto file = stored.find((*use)->files.front());
  if (!file && file.error().code != errc::not_found)
    return fail(file.error());
  return file && (has_time || !is_terminal(file->state));
}

} // namespace

std::string to_text(const signing_keys& keys, const ticket& t) {
  auto all = words_of(t);
  const auto signature = keys.sign(parts_of(all));
  all[signed_words] = signature.key;
  all[signed_words + 1] = signature.text;
  std::string text{prefix};
  for (const auto& word : all)
    text += (&word == &all.front() ? "" : std::string{mark}) + word;
  return text;
}

std::optional<std::string> read_ticket(const http::request_header<>& head) {
  constexpr std::string_view scheme = "bearer ";
  const auto field = fields::joined_field(head, "Authorization");
  if (!field || field->size() <= scheme.size()
      || !boost::beast::iequals({field->data(), scheme.size()}, {scheme.data(), scheme.size()}))
    return std::nullopt;
  auto text = field->substr(std::min(field->find_first_not_of(' ', scheme.size()), field->size()));
  return text.starts_with(prefix) ? std::optional{std::move(text)} : std::nullopt;
}

result<caller> caller_of_ticket(const storage::view& stored, const signing_keys& keys,
                                std::string_view text) {
  const auto refused = fail(errc::unauthenticated, "a ticket that counts no more");
  const auto all = take_apart(text);
  if (!all || !keys.verify({all->at(signed_words), all->at(signed_words + 1)}, parts_of(*all)))
    return refused;
  ticket t;
  t.id = all->at(0);
  t.user = all->at(1);
  if (all->at(2) != none)
    t.maker = all->at(2);
  t.expires_at = number_of<unix_ms>(all->at(3));
  t.limits.max_bytes = number_of<std::uint64_t>(all->at(4));
  t.limits.profiles = number_of<unsigned>(all->at(5));
  if (all->at(6) != none)
    t.folder = all->at(6);
  if (const auto there = check_folder_is_there(stored, t.user, t.folder); !there)
    return there.error().code == errc::not_found ? refused : fail(there.error());
  const auto open = is_open(stored, t);
  if (!open)
    return fail(open.error());
  if (!*open)
    return refused;
  caller who{t.user, rights{right::upload}, known_by::ticket, t.id};
  who.maker = t.maker;
  who.limits = t.limits;
  who.folder = t.folder;
  if (auto ok = check_maker(stored, who); !ok)
    return fail(ok.error());
  return who;
}

result<bool> is_ended(const storage::view& stored, const caller& holder) {
  const auto use = stored.find_key(holder.user, request_key_of_ticket(holder.credential));
  return use ? result<bool>{*use && (*use)->files.empty()} : fail(use.error());
}

std::string request_key_of_ticket(std::string_view id) {
  return one_use_mark + std::string{id};
}

} // namespace mediad::net
