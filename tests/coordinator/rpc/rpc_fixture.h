#pragma once

#include <grpcpp/grpcpp.h>
#include <gtest/gtest.h>
#include <spdlog/spdlog.h>

#include <chrono>
#include <memory>
#include <string>

#include "coordinator/rpc/server.h"
#include "oodml/v1/sharing.grpc.pb.h"
#include "oodml/v1/sweeps.grpc.pb.h"
#include "oodml/v1/workers.grpc.pb.h"
#include "tests/support/fake_service.h"

namespace oodml::coordinator::rpc {

/// A server on a free loopback port before a FakeService, and stubs that talk to it.
class RpcTest : public ::testing::Test {
 protected:
  RpcTest() { spdlog::set_level(spdlog::level::off); }  // the tests provoke every warning there is
  void SetUp() override { start({.listen = {.port = 0}}); }

  void start(const ServerOptions& options) {
    server_.reset();
    auto server = Server::start(options, service_);
    ASSERT_TRUE(server.has_value()) << server.error().text();
    server_ = *std::move(server);
    connect(grpc::InsecureChannelCredentials());
  }

  void connect(const std::shared_ptr<grpc::ChannelCredentials>& credentials) {
    channel_ = grpc::CreateChannel("127.0.0.1:" + std::to_string(server_->port()), credentials);
    sweeps_ = v1::SweepService::NewStub(channel_);
    workers_ = v1::WorkerService::NewStub(channel_);
    sharing_ = v1::SharingService::NewStub(channel_);
  }

  testing::FakeSweeps& fake_sweeps() { return service_.sweeps(); }
  testing::FakeLeases& fake_leases() { return service_.leases(); }
  testing::FakeSharing& fake_sharing() { return service_.sharing(); }

  testing::FakeService service_;
  std::unique_ptr<Server> server_;
  std::shared_ptr<grpc::Channel> channel_;
  std::unique_ptr<v1::SweepService::Stub> sweeps_;
  std::unique_ptr<v1::WorkerService::Stub> workers_;
  std::unique_ptr<v1::SharingService::Stub> sharing_;
};

/// A call that cannot hang a test.
struct Call {
  Call() { context.set_deadline(std::chrono::system_clock::now() + std::chrono::seconds(60)); }
  explicit Call(const std::string& token) : Call() { context.AddMetadata("authorization", "Bearer " + token); }
  operator grpc::ClientContext*() { return &context; }
  grpc::ClientContext context;
};

/// "OK", or "NOT_FOUND"-like number and message, for one-line expectations.
inline std::string said(const grpc::Status& status) {
  return status.ok() ? "OK" : std::to_string(status.error_code()) + " " + status.error_message();
}

inline job::Lease some_lease() { return {TrialId{7}, 2, LeaseId{"0123456789abcdef0123456789abcdef"}}; }

}  // namespace oodml::coordinator::rpc
