#include "command/samples.hpp"

// Labels in command/samples.S.
extern "C" {
extern const char mediad_sample_image_begin[], mediad_sample_image_end[];
extern const char mediad_sample_video_begin[], mediad_sample_video_end[];
extern const char mediad_sample_audio_begin[], mediad_sample_audio_end[];
extern const char mediad_sample_pdf_begin[], mediad_sample_pdf_end[];
extern const char mediad_sample_text_begin[], mediad_sample_text_end[];
extern const char mediad_sample_office_begin[], mediad_sample_office_end[];
extern const char mediad_sample_other_begin[], mediad_sample_other_end[];
}

namespace mediad::command {

namespace {

std::string_view between(const char* begin, const char* end) {
  return {begin, static_cast<std::size_t>(end - begin)};
}

} // namespace

std::vector<sample> samples() {
  return {
    {"image.jpg", between(mediad_sample_image_begin, mediad_sample_image_end), profile::image},
    {"video.mp4",
     between(mediad_sample_video_begin, mediad_sample_video_end),
     profile::video,
     true,
     false,
     {"poster.jpg", "video.mp4"}},
    {"audio.mp3", between(mediad_sample_audio_begin, mediad_sample_audio_end), profile::audio},
    {"document.pdf",
     between(mediad_sample_pdf_begin, mediad_sample_pdf_end),
     profile::document,
     true,
     false,
     {"text.txt"}},
    {"document.txt", between(mediad_sample_text_begin, mediad_sample_text_end), profile::document},
    {"office.docx",
     between(mediad_sample_office_begin, mediad_sample_office_end),
     profile::document,
     true,
     true,
     {"document.pdf", "text.txt"}},
    {"other.bin", between(mediad_sample_other_begin, mediad_sample_other_end), profile::other,
     false},
  };
}

} // namespace mediad::command
