#include "net/http/problems.hpp"

#include <boost/beast/http/status.hpp>
#include <nlohmann/json.hpp>

namespace mediad::net {

namespace {

struct row {
  errc code;
  problem told;
};

constexpr row rows[] = {
  {errc::bad_request, {400, "bad_request", "The request is malformed."}},
  {errc::not_found, {404, "not_found", "There is no such file or page."}},
  {errc::conflict, {409, "conflict", "The file's state does not allow this."}},
  {errc::precondition_failed, {412, "precondition_failed", "The file has changed meanwhile."}},
  {errc::too_large, {413, "too_large", "The upload is larger than this server accepts."}},
  {errc::unsupported_media, {415, "unsupported_media", "This kind of file is not supported."}},
  {errc::other_profile,
   {422, "other_profile", "Files of this kind may not be sent here; nothing of it is kept."}},
  {errc::corrupt_media, {422, "corrupt_media", "The file is damaged."}},
  {errc::password_protected, {422, "password_protected", "The file is protected by a password."}},
  {errc::storage_full, {507, "storage_full", "The server's disk is full.", 60}},
  {errc::quota_exceeded,
   {507, "quota_exceeded",
    "Your share of the server's disk is used up; remove something, or empty the trash."}},
  {errc::digest_mismatch,
   {400, "digest_mismatch", "The bytes that arrived are not the ones that were announced."}},
  {errc::too_many,
   {429, "too_many", "You have too many unfinished uploads; finish or remove some first.", 60}},
  {errc::unauthenticated, {401, "unauthenticated", "Sign in first."}},
  {errc::storage_io, {500, "storage_io", "The server could not read or write its disk."}},
  {errc::busy, {503, "busy", "The server has too much to do; try again later.", 5}},
  {errc::timeout, {503, "timeout", "The server took too long; try again later.", 5}},
  {errc::worker_died, {500, "worker_died", "Processing stopped unexpectedly."}},
  {errc::cancelled, {503, "cancelled", "The server is stopping; try again later.", 5}},
  {errc::internal, {500, "internal", "Something went wrong inside the server."}},
};

} // namespace

const problem& problem_of(errc code) {
  for (const auto& r : rows)
    if (r.code == code)
      return r.told;
  return problem_of(errc::internal);
}

std::string sentence_of(std::string detail) {
  if (!detail.empty() && detail.front() >= 'a' && detail.front() <= 'z')
    detail.front() = static_cast<char>(detail.front() - 'a' + 'A');
  return detail + '.';
}

std::string_view reason_of(unsigned status) {
  if (status == checksum_mismatch.status)
    return "Checksum Mismatch";
  const auto reason =
    boost::beast::http::obsolete_reason(boost::beast::http::int_to_status(status));
  return {reason.data(), reason.size()};
}

std::string problem_json(const problem& p, std::string_view detail) {
  nlohmann::ordered_json body;
  body["type"] = "about:blank";
  body["title"] = reason_of(p.status);
  body["status"] = p.status;
  body["code"] = p.code;
  body["detail"] = detail.empty() ? p.sentence : detail;
  // Details may quote what a client sent, which need not be UTF-8.
  return body.dump(-1, ' ', false, nlohmann::ordered_json::error_handler_t::replace);
}

} // namespace mediad::net
