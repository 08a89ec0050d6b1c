#pragma once

#include <grpcpp/channel.h>

#include <cstdint>
#include <memory>
#include <string>

#include "coordinator/web/feed.h"

namespace oodml::coordinator::web {

/// WatchEvents of a sweep, or of one trial where `trial` is not 0: messages `sweep`, `trial` and `event` as in
/// oodml/v1/sweeps.proto, everything's present state first. Who takes slowly is read for slowly, and the coordinator
/// then keeps only what is newest.
std::unique_ptr<Feed> watch_feed(const std::shared_ptr<grpc::Channel>& channel, const std::string& token,
                                 std::int64_t sweep, std::int64_t trial);

}  // namespace oodml::coordinator::web
