#pragma once

#include <grpcpp/grpcpp.h>

#include <memory>

#include "tests/integration/security.h"
#include "tests/support/recording_proxy.h"

namespace oodml::testing {

/// How a test itself calls a coordinator: as `token` says where there are tokens.
std::shared_ptr<grpc::ChannelCredentials> caller_credentials(const Security& security, const char* token);

/// For a RecordingProxy that stands between the programs of a test.
ProxyCredentials proxy_credentials(const Security& security);

}  // namespace oodml::testing
