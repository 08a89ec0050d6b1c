#include "coordinator/rpc/call_times.h"

#include <grpcpp/support/interceptor.h>

#include <algorithm>
#include <string>
#include <utility>

#include "proto/convert/status_convert.h"

namespace oodml::coordinator::rpc {
namespace {

using grpc::experimental::InterceptionHookPoints;
using std::chrono::steady_clock;

constexpr std::string_view kOurs = "/oodml.v1.";

/// One call.
class CallTimer final : public grpc::experimental::Interceptor {
 public:
  CallTimer(const CallEnded& ended, std::string_view path) : ended_(ended), method_(path.substr(kOurs.size())) {
    std::ranges::replace(method_, '/', '.');
  }
  void Intercept(grpc::experimental::InterceptorBatchMethods* methods) override {
    if (methods->QueryInterceptionHookPoint(InterceptionHookPoints::PRE_SEND_STATUS)) {
      ended_(method_, convert::from_grpc(methods->GetSendStatus()).code(), steady_clock::now() - begun_);
    }
    methods->Proceed();
  }

 private:
  const CallEnded& ended_;
  std::string method_;
  const steady_clock::time_point begun_ = steady_clock::now();
};

class CallTimers final : public grpc::experimental::ServerInterceptorFactoryInterface {
 public:
  explicit CallTimers(CallEnded ended) : ended_(std::move(ended)) {}
  grpc::experimental::Interceptor* CreateServerInterceptor(grpc::experimental::ServerRpcInfo* call) override {
    const std::string_view path = call->method() == nullptr ? "" : call->method();
    return path.starts_with(kOurs) ? new CallTimer(ended_, path) : nullptr;
  }

 private:
  const CallEnded ended_;
};

}  // namespace

std::vector<std::unique_ptr<grpc::experimental::ServerInterceptorFactoryInterface>> call_times(CallEnded ended) {
  std::vector<std::unique_ptr<grpc::experimental::ServerInterceptorFactoryInterface>> timers;
  if (ended) timers.push_back(std::make_unique<CallTimers>(std::move(ended)));
  return timers;
}

}  // namespace oodml::coordinator::rpc
