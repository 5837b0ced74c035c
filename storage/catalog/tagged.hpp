#pragma once

#include "base/error.hpp"

#include <concepts>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <type_traits>
#include <vector>

/// The form of every stored value: a version, then fields, each with a tag.
///
///     value   = version fields            version is one byte, 1
///     fields  = *field                    in ascending order of tags, each tag at most once
///     field   = tag length content        tag and length as LEB128 varints, tag from 1
///     content = number | text | real | list | fields
///     number  = 0 to 8 bytes, least significant first, without zero bytes at the end
///     real    = 8 bytes, IEEE 754 binary64, least significant first
///     list    = *(length content)
///
/// A signed number is stored as zigzag: 0, -1, 1, -2 … are 0, 1, 2, 3 …. What a field means, its
/// tag alone says (tags.hpp). A field that is absent is not known yet. A program keeps the fields
/// whose tags it does not know and writes them back where it found them, so that a release that
/// adds a field and the one before it can take turns.
///
/// Each struct that is stored has one function template `describe(fields, value)`, which names its
/// fields in ascending order of tags; it both writes and reads. The struct has a member `unknown`
/// for the fields that no tag of this program stands for.
namespace mediad::storage {

using field_tag = std::uint32_t;

inline constexpr char value_version = 1;

// The pieces of the form; tagged.cpp.
void write_varint(std::string& out, std::uint64_t n);
/// Takes a varint off the front of @p in. @returns nothing if there is none, or a longer one than
/// its number needs.
std::optional<std::uint64_t> take_varint(std::string_view& in);
/// Takes a length and as many bytes off the front of @p in.
std::optional<std::string_view> take_content(std::string_view& in);
void write_number(std::string& out, std::uint64_t n);
std::optional<std::uint64_t> read_number(std::string_view content);
void write_real(std::string& out, double x);
std::optional<double> read_real(std::string_view content);

constexpr std::uint64_t to_zigzag(std::int64_t n) {
  return (static_cast<std::uint64_t>(n) << 1U) ^ static_cast<std::uint64_t>(n >> 63);
}
constexpr std::int64_t from_zigzag(std::uint64_t n) {
  return static_cast<std::int64_t>(n >> 1U) ^ -static_cast<std::int64_t>(n & 1U);
}

/// The greatest value that an enum has; specialised for each enum that is stored.
template <class Enum>
inline constexpr Enum last_of{};

template <class T>
inline constexpr bool is_list = false;
template <class T>
inline constexpr bool is_list<std::vector<T>> = true;

/// Writes the fields that a `describe` names, with the unknown ones in between.
class field_writer {
public:
  /// @param out      what the fields are appended to; outlives this.
  /// @param unknown  fields that the value came with; outlives this.
  field_writer(std::string& out, std::string_view unknown) : out_{out}, unknown_{unknown} {}

  /// Writes a field. An empty text, list or struct is not known, and left out.
  /// @pre @p t is greater than the tag of the call before.
  template <class T>
  void operator()(field_tag t, const T& member);

  /// Does the same, but leaves the field out if it is @p absent.
  template <class T>
  void operator()(field_tag t, const T& member, const T& absent) {
    if (member != absent)
      (*this)(t, member);
  }

  /// Writes the unknown fields that are left.
  void finish() {
    out_ += unknown_;
    unknown_ = {};
  }

private:
  void write(field_tag t, std::string_view content);

  std::string& out_;
  std::string_view unknown_;
};

/// Reads the fields that a `describe` names, and gathers the others.
class field_reader {
public:
  explicit field_reader(std::string_view fields) : rest_{fields} {}

  /// Reads a field, or leaves @p member as it is if the field is absent.
  template <class T>
  void operator()(field_tag t, T& member);
  template <class T>
  void operator()(field_tag t, T& member, const T& absent) {
    member = absent;
    (*this)(t, member);
  }

  /// @returns the fields that were not asked for; nothing if any field was damaged.
  std::optional<std::string> finish();

private:
  /// Goes past all fields before @p t. @returns the content of @p t, if it is there.
  std::optional<std::string_view> take(field_tag t);

  std::string_view rest_;
  field_tag last_ = 0; ///< Tag of the newest field taken off rest_.
  std::string unknown_;
  bool is_damaged_ = false;
};

template <class T>
void write_content(std::string& out, const T& v) {
  if constexpr (std::is_same_v<T, std::string>) {
    out += v;
  } else if constexpr (std::is_enum_v<T> || std::is_same_v<T, bool> || std::unsigned_integral<T>) {
    write_number(out, static_cast<std::uint64_t>(v));
  } else if constexpr (std::signed_integral<T>) {
    write_number(out, to_zigzag(v));
  } else if constexpr (std::is_same_v<T, double>) {
    write_real(out, v);
  } else if constexpr (is_list<T>) {
    std::string one;
    for (const auto& item : v) {
      one.clear();
      write_content(one, item);
      write_varint(out, one.size());
      out += one;
    }
  } else {
    field_writer fields{out, v.unknown};
    // A writer changes nothing: so one `describe` is enough for both ways.
    describe(fields, const_cast<T&>(v));
    fields.finish();
  }
}

/// @returns whether @p content was sound; otherwise @p v may hold half of it.
template <class T>
bool read_content(std::string_view content, T& v) {
  if constexpr (std::is_same_v<T, std::string>) {
    v = content;
    return true;
  } else if constexpr (std::is_same_v<T, double>) {
    const auto x = read_real(content);
    v = x.value_or(0);
    return x.has_value();
  } else if constexpr (is_list<T>) {
    v.clear();
    while (!content.empty()) {
      const auto one = take_content(content);
      if (!one || !read_content(*one, v.emplace_back()))
        return false;
    }
    return true;
  } else if constexpr (std::is_enum_v<T>) {
    const auto n = read_number(content);
    if (!n || *n == 0 || *n > static_cast<std::uint64_t>(last_of<T>))
      return false;
    v = static_cast<T>(*n);
    return true;
  } else if constexpr (std::integral<T>) {
    const auto n = read_number(content);
    if (!n)
      return false;
    if constexpr (std::signed_integral<T>)
      v = from_zigzag(*n);
    else
      v = static_cast<T>(*n);
    return std::signed_integral<T> || static_cast<std::uint64_t>(v) == *n;
  } else {
    field_reader fields{content};
    describe(fields, v);
    auto unknown = fields.finish();
    v.unknown = std::move(unknown).value_or("");
    return unknown.has_value();
  }
}

template <class T>
void field_writer::operator()(field_tag t, const T& member) {
  std::string content;
  write_content(content, member);
  // A number is known, also if it is 0.
  if (std::is_arithmetic_v<T> || !content.empty())
    write(t, content);
}

template <class T>
void field_reader::operator()(field_tag t, T& member) {
  const auto content = take(t);
  if (!content)
    return;
  // A writer leaves out what is empty, so an empty text would come back as what absence means.
  const bool is_never_written = content->empty() && !std::is_arithmetic_v<T>;
  if (is_never_written || !read_content(*content, member))
    is_damaged_ = true;
}

/// A struct with a `describe`, as it is stored.
template <class T>
std::string to_value(const T& v) {
  std::string out(1, value_version);
  write_content(out, v);
  return out;
}

/// The inverse of to_value().
/// @param table  named in the error.
/// @returns errc::internal for anything that to_value() did not write.
template <class T>
result<T> from_value(std::string_view value, std::string_view table) {
  T v;
  if (!value.empty() && value.front() == value_version && read_content(value.substr(1), v))
    return v;
  return fail(errc::internal, "damaged row in table " + std::string{table});
}

/// The same for a row whose key is its id, which is not in the value.
template <class T>
result<T> from_value_of(std::string_view id, std::string_view value, std::string_view table) {
  auto row = from_value<T>(value, table);
  if (row)
    row->id = id;
  return row;
}

} // namespace mediad::storage
