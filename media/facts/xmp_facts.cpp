#include "media/facts/clean_text.hpp"
#include "media/facts/picture_facts.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <expat.h>
#include <limits>
#include <memory>
#include <new>
#include <utility>

namespace mediad::media {
namespace {

constexpr std::size_t max_packet_bytes = 1U << 20U;
constexpr std::size_t max_value_bytes = 1024;
constexpr int max_depth = 100;
constexpr char separator = '|'; // between a namespace and a name

constexpr std::string_view rdf = "http://www.w3.org/1999/02/22-rdf-syntax-ns#|RDF";
constexpr std::string_view list_item = "http://www.w3.org/1999/02/22-rdf-syntax-ns#|li";
constexpr std::string_view language_attribute = "http://www.w3.org/XML/1998/namespace|lang";

enum property : std::size_t {
  date_original,
  date_created,
  create_date,
  make,
  model,
  lens_model,
  lens,
  exposure_time,
  f_number,
  sensitivity,
  iso_speed,
  focal_length,
  focal_length_35mm,
  latitude,
  longitude,
  title,
  creator,
  language,
  property_count
};

// In the order of the enumeration. ISO 16684-1, 8; Exif for XMP (CIPA DC-010); XMP specification,
// part 2.
constexpr std::array<std::string_view, property_count> names{
  "http://ns.adobe.com/exif/1.0/|DateTimeOriginal",
  "http://ns.adobe.com/photoshop/1.0/|DateCreated",
  "http://ns.adobe.com/xap/1.0/|CreateDate",
  "http://ns.adobe.com/tiff/1.0/|Make",
  "http://ns.adobe.com/tiff/1.0/|Model",
  "http://cipa.jp/exif/1.0/|LensModel",
  "http://ns.adobe.com/exif/1.0/aux/|Lens",
  "http://ns.adobe.com/exif/1.0/|ExposureTime",
  "http://ns.adobe.com/exif/1.0/|FNumber",
  "http://cipa.jp/exif/1.0/|PhotographicSensitivity",
  "http://ns.adobe.com/exif/1.0/|ISOSpeedRatings",
  "http://ns.adobe.com/exif/1.0/|FocalLength",
  "http://ns.adobe.com/exif/1.0/|FocalLengthIn35mmFilm",
  "http://ns.adobe.com/exif/1.0/|GPSLatitude",
  "http://ns.adobe.com/exif/1.0/|GPSLongitude",
  "http://purl.org/dc/elements/1.1/|title",
  "http://purl.org/dc/elements/1.1/|creator",
  "http://purl.org/dc/elements/1.1/|language",
};

std::size_t index_of(std::string_view name) {
  std::size_t i = 0;
  while (i < names.size() && names.at(i) != name)
    ++i;
  return i;
}

/// Gathers the values of properties that stand in a description itself, as an attribute, an element
/// or a list. Structures have properties of the same names: those lie deeper, and mean other
/// things.
class packet_reader {
public:
  std::array<std::string, property_count> values;

  /// @returns false if the packet nests too deep to be one.
  bool begin(std::string_view name, const XML_Char** attributes) {
    ++depth_;
    if (rdf_depth_ == 0 && name == rdf)
      rdf_depth_ = depth_;
    else if (rdf_depth_ != 0 && depth_ == rdf_depth_ + 1)
      take_attributes(attributes);
    else if (rdf_depth_ != 0 && depth_ == rdf_depth_ + 2)
      begin_value(index_of(name));
    else if (name == list_item)
      begin_item(attributes);
    return depth_ <= max_depth;
  }

  void end(std::string_view name) {
    const bool is_property = depth_ == rdf_depth_ + 2;
    if (current_ != property_count && (is_property || name == list_item)) {
      take(current_, text_);
      text_.clear();
    }
    if (is_property)
      current_ = property_count;
    --depth_;
  }

  void add_text(std::string_view text) {
    if (current_ != property_count)
      text_ += text.substr(0, max_value_bytes - std::min(max_value_bytes, text_.size()));
  }

private:
  void take_attributes(const XML_Char** attributes) {
    is_default_ = false;
    for (const auto** at = attributes; *at != nullptr; at += 2)
      if (const auto index = index_of(at[0]); index != property_count)
        take(index, std::string_view{at[1]}.substr(0, max_value_bytes));
  }

  void begin_value(std::size_t index) {
    current_ = index;
    is_default_ = false;
    text_.clear();
  }

  void begin_item(const XML_Char** attributes) {
    text_.clear();
    is_default_ = false;
    for (const auto** at = attributes; *at != nullptr; at += 2)
      if (at[0] == language_attribute)
        is_default_ = std::string_view{at[1]} == "x-default";
  }

  void take(std::size_t index, std::string_view raw) {
    const auto text = trimmed(raw);
    auto& value = values.at(index);
    if (text.empty())
      return;
    if (index == creator && !value.empty() && value.size() < max_value_bytes)
      value.append(", ").append(text);
    else if (value.empty() || is_default_)
      value = text;
  }

  int depth_ = 0;
  int rdf_depth_ = 0;                    ///< Depth of rdf:RDF; 0: it has not begun.
  std::size_t current_ = property_count; ///< The property that is being read; the count: none.
  bool is_default_ = false; ///< The text being read is the one for readers of any language.
  std::string text_;
};

struct parsing {
  packet_reader reader;
  XML_Parser parser = nullptr;
};

void begin_element(void* data, const XML_Char* name, const XML_Char** attributes) {
  auto& now = *static_cast<parsing*>(data);
  if (!now.reader.begin(name, attributes))
    XML_StopParser(now.parser, XML_FALSE);
}

void end_element(void* data, const XML_Char* name) {
  static_cast<parsing*>(data)->reader.end(name);
}

void add_text(void* data, const XML_Char* text, int length) {
  static_cast<parsing*>(data)->reader.add_text({text, static_cast<std::size_t>(length)});
}

// A document type could bring entities, which multiply; XMP has none.
void refuse(void* data, const XML_Char* /*name*/, const XML_Char* /*system*/,
            const XML_Char* /*public*/, int /*has_subset*/) {
  XML_StopParser(static_cast<parsing*>(data)->parser, XML_FALSE);
}

struct free_parser {
  void operator()(XML_Parser parser) const noexcept {
    XML_ParserFree(parser);
  }
};

std::optional<double> number_of(std::string_view text) {
  double number = 0;
  const auto* end = text.data() + text.size();
  const auto [at, failure] = std::from_chars(text.data(), end, number);
  return failure == std::errc{} && at == end ? std::optional{number} : std::nullopt;
}

// `1/125`, as XMP writes what Exif has as RATIONAL, or a decimal. Not a number if it is neither.
double rational_of(std::string_view text) {
  const auto slash = text.find('/');
  const auto over = number_of(text.substr(0, slash));
  const auto under =
    slash == std::string_view::npos ? std::optional{1.0} : number_of(text.substr(slash + 1));
  if (!over || !under || *under == 0)
    return std::numeric_limits<double>::quiet_NaN();
  return *over / *under;
}

std::uint32_t whole_of(std::string_view text) {
  std::uint32_t number = 0;
  const auto* end = text.data() + text.size();
  const auto [at, failure] = std::from_chars(text.data(), end, number);
  return failure == std::errc{} && at == end ? number : 0;
}

// `48,8.25N` or `48,8,15N`: degrees, minutes, perhaps seconds, and the side of the globe (XMP
// specification, part 2, GPSCoordinate). Not a number for anything else.
double angle_of(std::string_view text, char positive, char negative) {
  constexpr double nothing = std::numeric_limits<double>::quiet_NaN();
  constexpr double parts = 60;
  if (text.empty() || (text.back() != positive && text.back() != negative))
    return nothing;
  const bool is_negative = text.back() == negative;
  text.remove_suffix(1);
  double sum = 0;
  double unit = 1;
  for (int part = 0; part < 3 && !text.empty(); ++part) {
    const auto comma = text.find(',');
    const auto number = number_of(text.substr(0, comma));
    if (!number || *number < 0)
      return nothing;
    sum += *number / unit;
    unit *= parts;
    text = comma == std::string_view::npos ? std::string_view{} : text.substr(comma + 1);
  }
  if (!text.empty())
    return nothing;
  return is_negative ? -sum : sum;
}

file_facts facts_by(const std::array<std::string, property_count>& values) {
  file_facts found;
  for (const auto date : {date_original, date_created, create_date})
    if (!found.taken)
      found.taken = parse_iso_time(values.at(date));
  found.make = values.at(make);
  found.model = values.at(model);
  found.lens = values.at(lens_model).empty() ? values.at(lens) : values.at(lens_model);
  auto& set = found.exposure;
  set.time_s = rational_of(values.at(exposure_time));
  set.f_number = rational_of(values.at(f_number));
  set.iso = whole_of(values.at(sensitivity));
  if (set.iso == 0)
    set.iso = whole_of(values.at(iso_speed));
  set.focal_length_mm = rational_of(values.at(focal_length));
  set.focal_length_35mm = rational_of(values.at(focal_length_35mm));
  found.place =
    position{angle_of(values.at(latitude), 'N', 'S'), angle_of(values.at(longitude), 'E', 'W')};
  found.title = values.at(title);
  found.author = values.at(creator);
  found.language = values.at(language);
  return checked(std::move(found));
}

} // namespace

file_facts xmp_facts(std::string_view packet) {
  if (packet.empty() || packet.size() > max_packet_bytes)
    return {};
  const std::unique_ptr<XML_ParserStruct, free_parser> parser{
    XML_ParserCreateNS(nullptr, separator)};
  if (!parser)
    throw std::bad_alloc{};
  parsing now;
  now.parser = parser.get();
  XML_SetUserData(parser.get(), &now);
  XML_SetElementHandler(parser.get(), begin_element, end_element);
  XML_SetCharacterDataHandler(parser.get(), add_text);
  XML_SetStartDoctypeDeclHandler(parser.get(), refuse);
  // Whatever was read before damage counts.
  static_cast<void>(
    XML_Parse(parser.get(), packet.data(), static_cast<int>(packet.size()), XML_TRUE));
  return facts_by(now.reader.values);
}

} // namespace mediad::media
