#pragma once

#include <grpcpp/server_context.h>

#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>

#include "coordinator/rpc/tokens.h"

namespace oodml::coordinator::rpc {

/// Decides who may call. Without tokens everybody may: server start has made sure that only this machine, or whoever
/// `--insecure` invites, can reach us then (listen.h).
class Gate {
 public:
  explicit Gate(std::optional<Tokens> tokens);

  /// Reads `authorization: Bearer TOKEN`, and nothing else of the call. Without tokens the caller is its address.
  Result<Caller> admit(const grpc::CallbackServerContext& context, Role needed) const;
  /// Whose token it is, whatever a person may do with it. Without tokens an operator without a name.
  Result<Caller> identify(std::string_view token) const;

  /// False: open to all.
  bool asks_for_tokens() const { return tokens() != nullptr; }
  /// Takes another set of tokens for the calls from now on.
  void replace(Tokens tokens);

 private:
  std::shared_ptr<const Tokens> tokens() const;

  mutable std::mutex mutex_;
  std::shared_ptr<const Tokens> tokens_;  // guarded by mutex_; null: open to all
};

}  // namespace oodml::coordinator::rpc
