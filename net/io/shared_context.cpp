#include "net/io/shared_context.hpp"

namespace mediad::net {

namespace asio = boost::asio;

namespace {

/// Lives inside the context, so that an executor leads to it.
class keeper : public asio::execution_context::service {
public:
  using key_type = keeper;
  static inline asio::execution_context::id id;

  explicit keeper(asio::execution_context& owner) : service{owner} {}

  std::weak_ptr<void> context;

private:
  void shutdown() override {}
};

} // namespace

std::shared_ptr<asio::io_context> make_shared_context() {
  auto context = std::make_shared<asio::io_context>(1);
  asio::use_service<keeper>(*context).context = context;
  return context;
}

std::shared_ptr<void> hold_context(const asio::any_io_executor& executor) {
  auto& context = asio::query(executor, asio::execution::context);
  if (!asio::has_service<keeper>(context))
    return nullptr;
  return asio::use_service<keeper>(context).context.lock();
}

} // namespace mediad::net
