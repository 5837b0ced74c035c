#include "media/facts/file_facts.hpp"

#include "media/facts/clean_text.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdio>

namespace mediad::media {
namespace {

constexpr std::size_t max_name_bytes = 128;
constexpr std::size_t max_text_bytes = 512;
constexpr std::size_t max_language_bytes = 35;

/// Whether @p value is a number, and in the range.
bool is_within(double value, double least, double most) {
  return value >= least && value <= most; // false for NaN
}

double within_or_0(double value, double least, double most) {
  return is_within(value, least, most) ? value : 0;
}

std::string text_of(std::string_view raw, std::size_t max_bytes) {
  return std::string{trimmed(clean_text(trimmed(raw), max_bytes))};
}

bool is_language(std::string_view text) {
  constexpr std::size_t min_bytes = 2;
  const auto is_fit = [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-';
  };
  return text.size() >= min_bytes && text.size() <= max_language_bytes && text != "und"
         && text != "x-default" && std::all_of(text.begin(), text.end(), is_fit);
}

bool is_known(const moment& taken) {
  // 1800-01-01 and the end of 2200-12-31.
  constexpr unix_ms first = -5'364'662'400'000;
  constexpr unix_ms last = 7'289'654'399'999;
  return taken.at >= first && taken.at <= last && taken.at != 0;
}

bool is_known(const position& place) {
  constexpr double quarter_turn = 90;
  constexpr double half_turn = 180;
  return is_within(place.latitude, -quarter_turn, quarter_turn)
         && is_within(place.longitude, -half_turn, half_turn)
         && (place.latitude != 0 || place.longitude != 0);
}

void fill(std::string& here, const std::string& other) {
  if (here.empty())
    here = other;
}

template <class Number>
void fill(Number& here, Number other) {
  if (here == 0)
    here = other;
}

unix_ms local_time(const moment& taken) {
  constexpr unix_ms ms_per_minute = 60'000;
  return taken.at + taken.offset_minutes.value_or(0) * ms_per_minute;
}

std::string zone_text(int offset_minutes) {
  std::array<char, 16> text{};
  const auto minutes = std::abs(offset_minutes);
  static_cast<void>(std::snprintf(text.data(), text.size(), "%c%02d:%02d",
                                  offset_minutes < 0 ? '-' : '+', minutes / 60, minutes % 60));
  return text.data();
}

double rounded(double degrees, std::uint32_t decimals) {
  const auto scale = std::pow(10.0, decimals);
  return std::round(degrees * scale) / scale + 0.0; // no -0
}

void add_text(facts& to, std::string_view name, const std::string& text) {
  if (!text.empty())
    to.add(name, text);
}

void add_camera(facts& to, const file_facts& found) {
  facts camera;
  add_text(camera, "make", found.make);
  add_text(camera, "model", found.model);
  if (!found.make.empty() || !found.model.empty())
    to.add("camera", camera);
}

void add_exposure(facts& to, const exposure& found) {
  facts set;
  const auto add = [&](std::string_view name, auto value) {
    if (value != 0)
      set.add(name, value);
  };
  add("time", found.time_s);
  add("f_number", found.f_number);
  add("iso", found.iso);
  add("focal_length", found.focal_length_mm);
  add("focal_length_35mm", found.focal_length_35mm);
  if (found != exposure{})
    to.add("exposure", set);
}

void add_place(facts& to, const position& found, const facts_options& options) {
  // Null takes the place of what an earlier attempt has told by other settings.
  if (!options.place)
    return to.add_json("place", "null");
  facts place;
  place.add("latitude", rounded(found.latitude, options.place_decimals));
  place.add("longitude", rounded(found.longitude, options.place_decimals));
  to.add("place", place);
}

} // namespace

void file_facts::fill_from(const file_facts& other) {
  if (!taken)
    taken = other.taken;
  else if (other.taken && !taken->offset_minutes && other.taken->offset_minutes
           && second_of(local_time(*taken)) == second_of(local_time(*other.taken)))
    taken = moment_of(taken->at, other.taken->offset_minutes);
  fill(make, other.make);
  fill(model, other.model);
  fill(lens, other.lens);
  fill(exposure.time_s, other.exposure.time_s);
  fill(exposure.f_number, other.exposure.f_number);
  fill(exposure.iso, other.exposure.iso);
  fill(exposure.focal_length_mm, other.exposure.focal_length_mm);
  fill(exposure.focal_length_35mm, other.exposure.focal_length_35mm);
  if (!place)
    place = other.place;
  fill(title, other.title);
  fill(author, other.author);
  fill(language, other.language);
}

file_facts checked(file_facts found) {
  constexpr double max_focal_length = 100'000;
  constexpr std::uint32_t max_iso = 10'000'000;
  if (found.taken && !is_known(*found.taken))
    found.taken.reset();
  if (found.place && !is_known(*found.place))
    found.place.reset();
  auto& set = found.exposure;
  set.time_s = within_or_0(set.time_s, 1e-7, 1e6);
  set.f_number = within_or_0(set.f_number, 0.1, 1000);
  set.focal_length_mm = within_or_0(set.focal_length_mm, 0.1, max_focal_length);
  set.focal_length_35mm = within_or_0(set.focal_length_35mm, 0.1, max_focal_length);
  if (set.iso > max_iso)
    set.iso = 0;
  for (auto* name : {&found.make, &found.model, &found.lens})
    *name = text_of(*name, max_name_bytes);
  found.title = text_of(found.title, max_text_bytes);
  found.author = text_of(found.author, max_text_bytes);
  found.language = std::string{trimmed(found.language)};
  if (!is_language(found.language))
    found.language.clear();
  return found;
}

void add_file_facts(facts& to, const file_facts& found, const facts_options& options) {
  if (found.taken) {
    to.add("taken_at", to_rfc3339(found.taken->at));
    if (found.taken->offset_minutes)
      to.add("zone", zone_text(*found.taken->offset_minutes));
    else
      to.add_json("zone", "null");
  }
  add_camera(to, found);
  add_text(to, "lens", found.lens);
  add_exposure(to, found.exposure);
  if (found.place)
    add_place(to, *found.place, options);
  add_text(to, "title", found.title);
  add_text(to, "author", found.author);
  add_text(to, "language", found.language);
}

} // namespace mediad::media
