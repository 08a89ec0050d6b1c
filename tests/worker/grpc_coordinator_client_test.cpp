#include "worker/grpc_coordinator_client.h"

#include <grpcpp/grpcpp.h>
#include <gtest/gtest.h>

#include "core/job/limits.h"
#include "oodml/v1/workers.grpc.pb.h"

namespace oodml::worker {
namespace {

/// Takes everything, and remembers how large it came.
class TakingService final : public v1::WorkerService::Service {
 public:
  TakingService() {
    grpc::ServerBuilder builder;
    builder.AddListeningPort("127.0.0.1:0", grpc::InsecureServerCredentials(), &port_);
    builder.SetMaxReceiveMessageSize(job::kMaxRequestBytes);
    builder.RegisterService(this);
    server_ = builder.BuildAndStart();
  }
  ~TakingService() override { server_->Shutdown(std::chrono::system_clock::now()); }
  std::string address() const { return "127.0.0.1:" + std::to_string(port_); }

  std::vector<int> leases;         // of each heartbeat
  std::vector<std::size_t> bytes;  // of each batch

 private:
  grpc::Status Heartbeat(grpc::ServerContext*, const v1::HeartbeatRequest* request,
                         v1::HeartbeatReply* reply) override {
    leases.push_back(request->leases_size());
    for (const v1::Lease& lease : request->leases()) {
      v1::LeaseDirective& directive = *reply->add_directives();
      *directive.mutable_lease() = lease;
      directive.set_directive(lease.trial_id() % 5000 == 0 ? v1::DIRECTIVE_CANCEL : v1::DIRECTIVE_CONTINUE);
    }
    return grpc::Status::OK;
  }
  grpc::Status PushEvents(grpc::ServerContext*, const v1::PushEventsRequest* request,
                          v1::PushEventsReply* reply) override {
    bytes.push_back(request->ByteSizeLong());
    reply->set_durable_sequence(request->events().rbegin()->sequence());
    return grpc::Status::OK;
  }

  int port_ = 0;
  std::unique_ptr<grpc::Server> server_;
};

class GrpcCoordinatorClientTest : public ::testing::Test {
 protected:
  TakingService service_;
  const std::unique_ptr<CoordinatorClient> client_ = connect({.address = service_.address()}, WorkerId{"w-1"});
  const job::Lease lease_{TrialId{7}, 1, LeaseId{std::string(32, 'a')}};
};

TEST_F(GrpcCoordinatorClientTest, BatchesOfLargeEventsAreCutToWhatTheCoordinatorTakes) {
  std::vector<job::Event> events(4000, {lease_.trial, 1, 0, Time{}, job::Warning{std::string(8000, 'w')}});
  for (std::size_t i = 0; i < events.size(); ++i) events[i].sequence = static_cast<std::int64_t>(i) + 1;
  std::int64_t durable = 0;
  for (int calls = 0; durable < 4000 && calls < 100; ++calls) {
    const auto answer = client_->push_events(lease_, {events.begin() + durable, events.end()});
    ASSERT_TRUE(answer.has_value()) << answer.error().text();
    ASSERT_GT(*answer, durable) << "every call has to bring it further";
    durable = *answer;
  }
  EXPECT_EQ(durable, 4000);
  for (const std::size_t bytes : service_.bytes) EXPECT_LT(bytes, job::kMaxBatchBytes + 100'000);
}

TEST_F(GrpcCoordinatorClientTest, MoreLeasesThanOneHeartbeatTakesAreAllRenewed) {
  std::vector<job::Lease> leases;
  for (int i = 1; i <= 10'000; ++i) leases.push_back({TrialId{i}, 1, lease_.id});
  const auto directives = client_->heartbeat(leases);
  ASSERT_TRUE(directives.has_value()) << directives.error().text();
  EXPECT_EQ(service_.leases, (std::vector<int>{job::kMaxLeases, job::kMaxLeases, 10'000 - 2 * job::kMaxLeases}));
  for (std::size_t i = 0; i < leases.size(); ++i) {
    EXPECT_EQ((*directives)[i], (i + 1) % 5000 == 0 ? job::Directive::kCancel : job::Directive::kContinue) << i;
  }
}

}  // namespace
}  // namespace oodml::worker
