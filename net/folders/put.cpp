#include "net/folders/folders.hpp"
#include "net/uploads/destination.hpp"
#include "net/uploads/whole.hpp"

#include <utility>

namespace mediad::net::folders {

asio::awaitable<void> put_file(exchange& x) {
  auto names = std::move(x.arguments);
  auto name = std::move(names.back());
  names.pop_back();
  if (const auto* why = storage::view::fault_of_name(name); why != nullptr) {
    auto sentence = sentence_of(why);
    co_return co_await x.send_problem(problem_of(errc::bad_request), std::move(sentence));
  }
  auto misplaced = co_await uploads::send_to_path(x, std::move(names), std::move(name));
  if (misplaced)
    co_return co_await x.send(std::move(*misplaced));
  co_await uploads::create_whole(x);
}

} // namespace mediad::net::folders
