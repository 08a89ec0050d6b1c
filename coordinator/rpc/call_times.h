#pragma once

#include <grpcpp/support/server_interceptor.h>

#include <chrono>
#include <functional>
#include <memory>
#include <string_view>
#include <vector>

#include "core/base/result.h"

namespace oodml::coordinator::rpc {

/// Told of each call of our services as it ends: "SweepService.Plan", the code it is answered with, and how long that
/// took, for a stream until its end. From gRPC's threads and others: it must return at once.
using CallEnded =
    std::function<void(std::string_view method, StatusCode code, std::chrono::steady_clock::duration took)>;

/// For grpc::ServerBuilder; refused calls count as all others. What is not ours, as gRPC's health service, does not.
std::vector<std::unique_ptr<grpc::experimental::ServerInterceptorFactoryInterface>> call_times(CallEnded ended);

}  // namespace oodml::coordinator::rpc
