#include "net/http/named_folder.hpp"

#include "net/http/json_body.hpp"

#include <utility>

namespace mediad::net {

result<std::string> own_folder_in(const exchange& x, const nlohmann::json& body) {
  const auto named = text_of(body, "folder");
  if (!named)
    return fail(named.error());
  if (named->empty())
    return x.asker().folder;
  auto found = find_named_folder(x.storage(), x.asker(), *named, folder_right::own);
  if (found)
    return std::move(found->row.id);
  if (found.error().code == errc::bad_request)
    return fail(errc::bad_request, sentence_of(found.error().detail));
  return fail(found.error());
}

} // namespace mediad::net
