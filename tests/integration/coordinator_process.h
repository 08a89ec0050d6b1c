#pragma once

#include <grpcpp/grpcpp.h>

#include <chrono>
#include <filesystem>
#include <map>
#include <memory>
#include <stdexcept>
#include <string>
#include <vector>

#include "oodml/v1/sweeps.grpc.pb.h"
#include "oodml/v1/workers.grpc.pb.h"
#include "tests/integration/security.h"
#include "tests/support/process.h"

namespace oodml::testing {

/// A call that cannot hang a test.
struct Call {
  Call() { context.set_deadline(std::chrono::system_clock::now() + std::chrono::seconds(60)); }
  operator grpc::ClientContext*() { return &context; }
  grpc::ClientContext context;
};

/// The real oodml-coordinator on a free port of this machine, with stubs that talk to it, over TLS and each with a token
/// of its role where Security::wanted(). Its log is coordinator.log in `folder`, its database coordinator.db.
class CoordinatorProcess {
 public:
  explicit CoordinatorProcess(std::filesystem::path folder, std::vector<std::string> words = {},
                              std::map<std::string, std::string> environment = {})
      : folder_(std::move(folder)),
        words_(std::move(words)),
        environment_(std::move(environment)),
        security_(folder_ / "security", Security::wanted()) {
    start();
  }

  /// Starts it (again), on another port.
  void start() {
    std::vector<std::string> words = {
        program("oodml-coordinator"), "--listen", "127.0.0.1:0", "--port-file", folder_ / "port", "--database",
        folder_ / "coordinator.db"};
    const auto more = security_.coordinator_words();
    words.insert(words.end(), more.begin(), more.end());
    words.insert(words.end(), words_.begin(), words_.end());
    std::filesystem::remove(folder_ / "port");
    process_ = std::make_unique<Process>(words, ProcessOptions{.environment = environment_, .output = folder_ / "coordinator.log"});
    if (!wait_until([&] { return std::filesystem::exists(folder_ / "port") || !process_->running(); }) ||
        !process_->running()) {
      throw std::runtime_error("the coordinator did not start:\n" + read_text(folder_ / "coordinator.log"));
    }
    const std::string port = read_text(folder_ / "port");
    address_ = "127.0.0.1:" + port.substr(0, port.find('\n'));
    sweeps_ = v1::SweepService::NewStub(channel_with(Security::kSubmitterToken));
    workers_ = v1::WorkerService::NewStub(channel_with(Security::kWorkerToken));
  }

  Process& process() { return *process_; }
  std::filesystem::path database() const { return folder_ / "coordinator.db"; }
  std::string log() const { return read_text(folder_ / "coordinator.log"); }
  const std::string& address() const { return address_; }
  v1::SweepService::Stub& sweeps() { return *sweeps_; }
  v1::WorkerService::Stub& workers() { return *workers_; }

 private:
  std::shared_ptr<grpc::Channel> channel_with(const char* token) const {
    if (!security_.tls()) return grpc::CreateChannel(address_, grpc::InsecureChannelCredentials());
    return grpc::CreateChannel(
        address_, grpc::CompositeChannelCredentials(grpc::SslCredentials({.pem_root_certs = security_.authority()}),
                                                    grpc::AccessTokenCredentials(token)));
  }

  const std::filesystem::path folder_;
  const std::vector<std::string> words_;
  const std::map<std::string, std::string> environment_;
  const Security security_;
  std::unique_ptr<Process> process_;
  std::string address_;
  std::unique_ptr<v1::SweepService::Stub> sweeps_;
  std::unique_ptr<v1::WorkerService::Stub> workers_;
};

}  // namespace oodml::testing
