#include "coordinator/rpc/gate.h"

#include <string_view>
#include <utility>

namespace oodml::coordinator::rpc {

Gate::Gate(std::optional<Tokens> tokens)
    : tokens_(tokens ? std::make_shared<const Tokens>(*std::move(tokens)) : nullptr) {}

void Gate::replace(Tokens tokens) {
  auto fresh = std::make_shared<const Tokens>(std::move(tokens));
  const std::lock_guard lock(mutex_);
  tokens_ = std::move(fresh);
}

std::shared_ptr<const Tokens> Gate::tokens() const {
  const std::lock_guard lock(mutex_);
  return tokens_;
}

Result<Caller> Gate::identify(std::string_view token) const {
  const std::shared_ptr<const Tokens> known = tokens();
  if (known == nullptr) return Caller{.name = "", .role = Role::kOperator, .token = std::nullopt};
  return known->admit(token, Role::kViewer);
}

Result<Caller> Gate::admit(const grpc::CallbackServerContext& context, Role needed) const {
  const std::shared_ptr<const Tokens> tokens = this->tokens();
  if (tokens == nullptr) return Caller{.name = context.peer(), .role = Role::kOperator, .token = std::nullopt};

  constexpr std::string_view kBearer = "Bearer ";
  const auto [first, last] = context.client_metadata().equal_range("authorization");
  if (first == last || std::next(first) != last) {
    return failure(StatusCode::kUnauthenticated,
                   std::string("one `authorization: Bearer TOKEN` is needed, of the role ") + to_text(needed));
  }
  const std::string_view header(first->second.data(), first->second.size());
  if (!header.starts_with(kBearer)) {
    return failure(StatusCode::kUnauthenticated, "`authorization` is not `Bearer TOKEN`");
  }
  return tokens->admit(header.substr(kBearer.size()), needed);
}

}  // namespace oodml::coordinator::rpc
