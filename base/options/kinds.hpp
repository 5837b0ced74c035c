#pragma once

#include "base/options/option.hpp"

#include <nlohmann/json.hpp>

#include <algorithm>
#include <chrono>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <optional>
#include <string>
#include <tuple>
#include <type_traits>
#include <utility>
#include <vector>

/// The kinds of options: each function makes one, bound to a member of the settings. A kind is
/// how a value is written, what of it is allowed, and how the member keeps it.
namespace mediad::options {

/// What a human needs to know of an option.
struct title {
  std::string section;
  std::string key;
  std::string doc;
};

/// Both ends are allowed.
struct range {
  std::int64_t least = 0;
  std::int64_t most = 0;

  bool holds(std::int64_t n) const {
    return least <= n && n <= most;
  }
};

/// The way to a member of @p Settings, through the structs in between.
template <class Settings, class... Members>
struct place {
  using settings = Settings;
  std::tuple<Members...> members;

  template <class S>
  auto& operator()(S& s) const {
    return std::apply(
      [&](auto... each) -> auto& { return (s.*....*each); }, members);
  }
};

/// `at(&settings::net, &net::settings::threads)`
template <class Settings, class Member, class... More>
place<Settings, Member Settings::*, More...> at(Member Settings::*first, More... more) {
  return {{first, more...}};
}

namespace detail {

/// Turns a written number into milliseconds or bytes, and back.
struct notation {
  std::string allowed;
  std::function<std::optional<std::int64_t>(const value&)> read;
  std::function<value(std::int64_t)> write;
  std::function<value(std::string_view)> from_text;
};

notation plain_notation(range r);
notation duration_notation(range milliseconds);
notation size_notation(range bytes);

std::optional<std::vector<std::int64_t>> read_numbers(const value& v, range each, range count);
std::optional<std::vector<std::string>> read_words(const value& v,
                                                   const std::vector<std::string>& words);
/// Also accepts the empty list, whose element type is unknown, and one text for a list of it.
std::optional<std::vector<std::string>> read_texts(const value& v);
std::string join(const std::vector<std::string>& words);
value numbers_from_text(std::string_view text);
value words_from_text(std::string_view text);
value text_from_text(std::string_view text);
value flag_from_text(std::string_view text);

template <class T>
nlohmann::json json_of(const T& member) {
  if constexpr (std::is_same_v<T, std::chrono::milliseconds>)
    return member.count();
  else if constexpr (std::is_same_v<T, std::filesystem::path>)
    return member.string();
  else
    return member;
}

template <class T>
void take_json(const nlohmann::json& j, T& member) {
  if constexpr (std::is_same_v<T, std::chrono::milliseconds>)
    member = T{j.get<std::int64_t>()};
  else if constexpr (std::is_same_v<T, std::filesystem::path>)
    member = j.get<std::string>();
  else
    j.get_to(member);
}

/// What every kind has in common: the title, and the member as JSON.
template <class Place, class Set, class FromText, class Get>
option<typename Place::settings> make(title t, std::string allowed, Place place, Set set,
                                      FromText from_text, Get get) {
  using settings = typename Place::settings;
  return {std::move(t.section),
          std::move(t.key),
          std::move(t.doc),
          std::move(allowed),
          std::move(set),
          std::move(from_text),
          std::move(get),
          [=](const settings& s) { return json_of(place(s)); },
          [=](settings& s, const nlohmann::json& j) {
            take_json(j, place(s));
          }};
}

/// An option whose member holds a number counted in units of @p unit.
template <class Place>
auto scaled(title t, Place place, range r, notation n, std::int64_t unit) {
  auto set = [=](auto& s, const value& v) {
    const auto number = n.read(v);
    if (!number || !r.holds(*number) || *number % unit != 0)
      return false;
    auto& member = place(s);
    member = static_cast<std::remove_reference_t<decltype(member)>>(*number / unit);
    return true;
  };
  auto get = [=](const auto& s) {
    return n.write(static_cast<std::int64_t>(place(s)) * unit);
  };
  return make(std::move(t), n.allowed, place, set, n.from_text, get);
}

} // namespace detail

/// A whole number.
template <class Place>
auto number(title t, Place place, range r) {
  return detail::scaled(std::move(t), place, r, detail::plain_notation(r), 1);
}

/// A number of bytes, written with its unit.
template <class Place>
auto size(title t, Place place, range bytes) {
  return detail::scaled(std::move(t), place, bytes, detail::size_notation(bytes), 1);
}

/// A time kept in seconds, written with its unit.
template <class Place>
auto seconds(title t, Place place, range milliseconds) {
  return detail::scaled(std::move(t), place, milliseconds, detail::duration_notation(milliseconds),
                        1'000);
}

/// A time kept as std::chrono::milliseconds, written with its unit.
template <class Place>
auto duration(title t, Place place, range milliseconds) {
  auto n = detail::duration_notation(milliseconds);
  auto set = [=](auto& s, const value& v) {
    const auto number = n.read(v);
    if (!number || !milliseconds.holds(*number))
      return false;
    place(s) = std::chrono::milliseconds{*number};
    return true;
  };
  auto get = [=](const auto& s) {
    return n.write(place(s).count());
  };
  return detail::make(std::move(t), n.allowed, place, set, n.from_text, get);
}

/// True or false.
template <class Place>
auto flag(title t, Place place) {
  auto set = [=](auto& s, const value& v) {
    const auto* written = std::get_if<bool>(&v);
    if (written == nullptr)
      return false;
    place(s) = *written;
    return true;
  };
  auto get = [=](const auto& s) {
    return value{place(s)};
  };
  return detail::make(std::move(t), "true or false", place, set, detail::flag_from_text, get);
}

/// Any text for which @p fits is true; @p allowed says when that is.
template <class Place, class Predicate>
auto text(title t, Place place, std::string allowed, Predicate fits) {
  auto set = [=](auto& s, const value& v) {
    const auto* written = std::get_if<std::string>(&v);
    if (written == nullptr || !fits(*written))
      return false;
    place(s) = *written;
    return true;
  };
  auto get = [=](const auto& s) {
    const auto& member = place(s);
    if constexpr (std::is_convertible_v<decltype(member), std::string>)
      return value{std::string{member}};
    else
      return value{member.string()};
  };
  return detail::make(std::move(t), std::move(allowed), place, set, detail::text_from_text, get);
}

/// One word of a list. @p words are in the order of the enumerators, if the member is an
/// enumeration that counts from 0.
template <class Place>
auto word(title t, Place place, std::vector<std::string> words) {
  auto allowed = "one of " + detail::join(words);
  auto set = [=](auto& s, const value& v) {
    const auto* written = std::get_if<std::string>(&v);
    for (std::size_t i = 0; written != nullptr && i < words.size(); ++i) {
      if (words[i] != *written)
        continue;
      auto& member = place(s);
      if constexpr (std::is_enum_v<std::remove_reference_t<decltype(member)>>)
        member = static_cast<std::remove_reference_t<decltype(member)>>(i);
      else
        member = words[i];
      return true;
    }
    return false;
  };
  auto get = [=](const auto& s) {
    const auto& member = place(s);
    if constexpr (std::is_enum_v<std::remove_cvref_t<decltype(member)>>)
      return value{words.at(static_cast<std::size_t>(member))};
    else
      return value{member};
  };
  return detail::make(std::move(t), std::move(allowed), place, set, detail::text_from_text, get);
}

/// Ascending whole numbers.
template <class Place>
auto numbers(title t, Place place, range each, range count) {
  auto allowed = "a list of " + std::to_string(count.least) + " to " + std::to_string(count.most)
                 + " ascending whole numbers, each " + std::to_string(each.least) + ".."
                 + std::to_string(each.most);
  auto set = [=](auto& s, const value& v) {
    const auto written = detail::read_numbers(v, each, count);
    if (!written)
      return false;
    auto& member = place(s);
    member.clear();
    for (const auto n : *written)
      member.push_back(
        static_cast<typename std::remove_reference_t<decltype(member)>::value_type>(n));
    return true;
  };
  auto get = [=](const auto& s) {
    return value{std::vector<std::int64_t>(place(s).begin(), place(s).end())};
  };
  return detail::make(std::move(t), std::move(allowed), place, set, detail::numbers_from_text, get);
}

/// At least one of @p words, each once.
template <class Place>
auto words(title t, Place place, std::vector<std::string> words) {
  auto allowed = "a list of at least one of " + detail::join(words) + ", each once";
  auto set = [=](auto& s, const value& v) {
    const auto written = detail::read_words(v, words);
    if (written)
      place(s) = *written;
    return written.has_value();
  };
  auto get = [=](const auto& s) {
    return value{place(s)};
  };
  return detail::make(std::move(t), std::move(allowed), place, set, detail::words_from_text, get);
}

/// Any number of texts, or one without brackets, for each of which @p fits is true; @p allowed says
/// when that is.
template <class Place, class Predicate>
auto texts(title t, Place place, std::string allowed, Predicate fits) {
  auto set = [=](auto& s, const value& v) {
    const auto written = detail::read_texts(v);
    if (!written || !std::all_of(written->begin(), written->end(), fits))
      return false;
    place(s) = *written;
    return true;
  };
  auto get = [=](const auto& s) {
    return value{place(s)};
  };
  return detail::make(std::move(t), std::move(allowed), place, set, detail::words_from_text, get);
}

} // namespace mediad::options
