#include "media/document/package/book.hpp"

#include "media/bytes/zip_package.hpp"
#include "media/document/package/epub.hpp"
#include "media/document/package/inner_file.hpp"

#include <nlohmann/json.hpp>

#include <utility>

namespace mediad::media {
namespace {

struct opened_book {
  epub about;
  unique_fd text;
};

result<opened_book> read_book(const job_context& context) {
  const auto package = zip_package::open(context.input);
  if (!package)
    return fail(errc::corrupt_media, "no ZIP that can be read");
  auto about = read_epub(*package);
  if (!about)
    return fail(about.error());
  auto text = inner_file(text_of_epub(*package, *about, context.options.limits), context.output);
  if (!text)
    return fail(text.error());
  return opened_book{std::move(*about), std::move(*text)};
}

class book_pages : public page_source {
public:
  book_pages(const epub& about, std::unique_ptr<page_source> text)
    : title_{about.title},
      author_{about.author},
      language_{about.language},
      text_{std::move(text)} {}

  std::uint32_t drawable_pages() const override {
    return text_->drawable_pages();
  }
  result<picture> draw(std::uint32_t index, std::uint32_t box) override {
    return text_->draw(index, box);
  }
  nlohmann::json facts() const override {
    auto known = text_->facts();
    if (!title_.empty())
      known["title"] = title_;
    if (!author_.empty())
      known["author"] = author_;
    if (!language_.empty())
      known["language"] = language_;
    return known;
  }

private:
  std::string title_;
  std::string author_;
  std::string language_;
  std::unique_ptr<page_source> text_;
};

} // namespace

result<unique_fd> open_book_text(const job_context& context) {
  auto book = read_book(context);
  return book ? result<unique_fd>{std::move(book->text)} : fail(book.error());
}

result<std::unique_ptr<page_source>> open_book(const job_context& context, text_extent how) {
  const auto book = read_book(context);
  if (!book)
    return fail(book.error());
  auto text = open_text(opened_file{book->text.get()}, how);
  if (!text)
    return fail(text.error());
  return std::unique_ptr<page_source>{std::make_unique<book_pages>(book->about, std::move(*text))};
}

} // namespace mediad::media
