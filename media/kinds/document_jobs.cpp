#include "media/document/jobs.hpp"
#include "media/document/listing.hpp"

namespace mediad::media {

result<job_result> run_document(const job& work, const job_context& context) {
  if (work.kind == job_kind::archive_listing)
    return list_archive(work, context);
  if (!is_document(work.media_type))
    return fail(errc::unsupported_media, "no reader for documents of type " + work.media_type);
  switch (work.kind) {
  case job_kind::document_preview: return document_preview(work, context);
  case job_kind::document_pages: return document_pages(work, context);
  case job_kind::document_text: return document_text(work, context);
  default:
    return fail(errc::bad_request, "not a document's job: " + std::string{to_string(work.kind)});
  }
}

} // namespace mediad::media
