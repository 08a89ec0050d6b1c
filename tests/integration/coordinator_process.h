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
#include "tests/integration/credentials.h"
#include "tests/support/process.h"

namespace oodml::testing {

/// A call that cannot hang a test.
struct Call {
  Call() { context.set_deadline(std::chrono::system_clock::now() + std::chrono::seconds(60)); }
  operator grpc::ClientContext*() { return &context; }
  grpc::ClientContext context;
};

/// The real oodml-coordinator on a free port of this machine, with stubs that talk to it, over TLS and each with a
/// token of its role where Security::wanted(). Its log is coordinator.log in `folder`, its database coordinator.db.
class CoordinatorProcess {
 public:
  /// `launcher`: words before the program, for one that sets something and becomes it.
  explicit CoordinatorProcess(std::filesystem::path folder, std::vector<std::string> words = {},
                              std::map<std::string, std::string> environment = {},
                              std::vector<std::string> launcher = {})
      : folder_(std::move(folder)),
        words_(std::move(words)),
        environment_(std::move(environment)),
        launcher_(std::move(launcher)),
        security_(folder_ / "security", Security::wanted()) {
    start();
  }

  /// Starts it (again), on another port.
  void start() {
    std::vector<std::string> words = launcher_;
    const std::vector<std::string> own = {program("oodml-coordinator"),
                                          "--listen",
                                          "127.0.0.1:0",
                                          "--port-file",
                                          folder_ / "port",
                                          "--database",
                                          database()};
    for (const auto& more : {own, security_.coordinator_words(), words_})
      words.insert(words.end(), more.begin(), more.end());
    std::filesystem::remove(folder_ / "port");
    process_ = std::make_unique<Process>(
        words, ProcessOptions{.environment = environment_, .output = folder_ / "coordinator.log"});
    if (!wait_until([&] { return std::filesystem::exists(folder_ / "port") || !process_->running(); }) ||
        !process_->running()) {
      throw std::runtime_error("the coordinator did not start:\n" + read_text(folder_ / "coordinator.log"));
    }
    const std::string port = read_text(folder_ / "port");
    address_ = "127.0.0.1:" + port.substr(0, port.find('\n'));
    sweeps_ = v1::SweepService::NewStub(
        grpc::CreateChannel(address_, caller_credentials(security_, Security::kSubmitterToken)));
    workers_ = v1::WorkerService::NewStub(grpc::CreateChannel(address_, worker_credentials()));
  }

  Process& process() { return *process_; }
  std::filesystem::path database() const { return folder_ / "coordinator.db"; }
  std::string log() const { return read_text(folder_ / "coordinator.log"); }
  const std::string& address() const { return address_; }
  /// For further connections of workers.
  std::shared_ptr<grpc::ChannelCredentials> worker_credentials() const {
    return caller_credentials(security_, Security::kWorkerToken);
  }
  v1::SweepService::Stub& sweeps() { return *sweeps_; }
  v1::WorkerService::Stub& workers() { return *workers_; }

 private:
  const std::filesystem::path folder_;
  const std::vector<std::string> words_;
  const std::map<std::string, std::string> environment_;
  const std::vector<std::string> launcher_;
  const Security security_;
  std::unique_ptr<Process> process_;
  std::string address_;
  std::unique_ptr<v1::SweepService::Stub> sweeps_;
  std::unique_ptr<v1::WorkerService::Stub> workers_;
};

}  // namespace oodml::testing
