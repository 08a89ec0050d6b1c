#include <gtest/gtest.h>
#include <signal.h>
#include <sqlite3.h>

#include <algorithm>
#include <atomic>
#include <thread>

#include "tests/integration/coordinator_process.h"
#include "tests/support/temporary_folder.h"

namespace oodml::testing {
namespace {

using namespace std::chrono_literals;

constexpr const char* kSweep = R"(version: 1
name: two-seeds
trial: {arch: small_conv_normalize, embed_dim: 16, crop_size: 28, resize: 28, batch_size: 8, epochs: 1}
matrix:
  benchmark: [fashion_mnist]
  split: default
  criterion: [multisimilarity]
  seed: {count: 2}
)";

v1::SubmitRequest submission(const std::string& request_id) {
  v1::SubmitRequest request;
  request.mutable_sweep()->set_yaml(kSweep);
  request.mutable_sweep()->set_file_name("two-seeds.yaml");
  request.set_request_id(request_id);
  return request;
}

class ServiceTest : public ::testing::Test {
 protected:
  v1::SubmitReply submit(CoordinatorProcess& coordinator, const std::string& request_id) {
    v1::SubmitReply reply;
    const grpc::Status status = coordinator.sweeps().Submit(Call(), submission(request_id), &reply);
    EXPECT_TRUE(status.ok()) << status.error_message();
    return reply;
  }

  void register_worker(CoordinatorProcess& coordinator) {
    v1::RegisterRequest request;
    request.mutable_worker()->set_worker_id("w1");
    v1::Slot& slot = *request.mutable_worker()->add_slots();
    slot.set_name("cpu:0");
    slot.set_device("cpu");
    slot.set_threads(64);
    request.mutable_worker()->add_benchmarks()->set_name("fashion_mnist");
    v1::RegisterReply reply;
    const grpc::Status status = coordinator.workers().Register(Call(), request, &reply);
    ASSERT_TRUE(status.ok()) << status.error_message();
  }

  v1::AcquireReply acquire(CoordinatorProcess& coordinator, const std::string& request_id) {
    v1::AcquireRequest request;
    request.set_worker_id("w1");
    request.set_slot("cpu:0");
    request.set_request_id(request_id);
    v1::AcquireReply reply;
    const grpc::Status status = coordinator.workers().Acquire(Call(), request, &reply);
    EXPECT_TRUE(status.ok()) << status.error_message();
    return reply;
  }

  v1::GetReply get(CoordinatorProcess& coordinator, std::int64_t sweep) {
    v1::GetRequest request;
    request.mutable_sweep()->set_sweep_id(sweep);
    v1::GetReply reply;
    const grpc::Status status = coordinator.sweeps().Get(Call(), request, &reply);
    EXPECT_TRUE(status.ok()) << status.error_message();
    return reply;
  }

  /// How a start ends that must not succeed.
  Output refused_start(const std::vector<std::string>& more = {}) {
    std::vector<std::string> words = {program("oodml-coordinator"), "--listen", "127.0.0.1:0", "--database",
                                      folder_ / "coordinator.db"};
    words.insert(words.end(), more.begin(), more.end());
    return run(words);
  }

  void sql(const std::string& statement) {
    sqlite3* database = nullptr;
    ASSERT_EQ(sqlite3_open((folder_ / "coordinator.db").c_str(), &database), SQLITE_OK);
    EXPECT_EQ(sqlite3_exec(database, statement.c_str(), nullptr, nullptr, nullptr), SQLITE_OK)
        << sqlite3_errmsg(database);
    sqlite3_close(database);
  }

  TemporaryFolder folder_;
};

TEST_F(ServiceTest, AKilledCoordinatorComesBackWithEverythingThatItConfirmed) {
  CoordinatorProcess coordinator(folder_.path());
  const v1::SubmitReply first = submit(coordinator, "s-1");
  EXPECT_EQ(first.trials(), 2);
  register_worker(coordinator);
  const v1::AcquireReply leased = acquire(coordinator, "a-1");
  ASSERT_TRUE(leased.has_trial());

  coordinator.process().signal(SIGKILL);
  EXPECT_EQ(coordinator.process().wait(), 128 + SIGKILL);
  coordinator.start();

  // The same submission again, its reply lost: the same sweep.
  EXPECT_EQ(submit(coordinator, "s-1").sweep_id(), first.sweep_id());
  const v1::GetReply sweep = get(coordinator, first.sweep_id());
  EXPECT_EQ(sweep.yaml(), kSweep);
  EXPECT_EQ(sweep.sweep().counts().queued(), 1);
  EXPECT_EQ(sweep.sweep().counts().running(), 1);

  // The lease holds, and asking again with the request id brings the same one.
  register_worker(coordinator);
  v1::HeartbeatRequest heartbeat;
  heartbeat.set_worker_id("w1");
  *heartbeat.add_leases() = leased.trial().lease();
  v1::HeartbeatReply directives;
  ASSERT_TRUE(coordinator.workers().Heartbeat(Call(), heartbeat, &directives).ok());
  ASSERT_EQ(directives.directives_size(), 1);
  EXPECT_EQ(directives.directives(0).directive(), v1::DIRECTIVE_CONTINUE);
  EXPECT_EQ(acquire(coordinator, "a-1").trial().lease().lease_id(), leased.trial().lease().lease_id());
}

TEST_F(ServiceTest, WhileTenThousandTrialsAreListedHeartbeatsAreAnswered) {
  CoordinatorProcess coordinator(folder_.path());
  std::string sweep = kSweep;
  sweep.replace(sweep.find("count: 2"), 8, "count: 10000");
  v1::SubmitRequest request = submission("s-1");
  request.mutable_sweep()->set_yaml(sweep);
  v1::SubmitReply submitted;
  ASSERT_TRUE(coordinator.sweeps().Submit(Call(), request, &submitted).ok());
  ASSERT_EQ(submitted.trials(), 10'000);
  register_worker(coordinator);

  std::atomic<bool> over = false;
  std::atomic<int> lists = 0;
  std::vector<std::thread> listers;  // more than there are readers and threads for them
  for (int i = 0; i < 8; ++i) {
    listers.emplace_back([&] {
      v1::GetRequest everything;
      everything.mutable_sweep()->set_sweep_id(submitted.sweep_id());
      everything.set_limit(10'000);
      while (!over) {
        v1::GetReply reply;
        const grpc::Status status = coordinator.sweeps().Get(Call(), everything, &reply);
        // A list that finds no free reader in time is told so.
        EXPECT_TRUE(status.ok() || status.error_code() == grpc::StatusCode::RESOURCE_EXHAUSTED)
            << status.error_message();
        ++lists;
      }
    });
  }
  std::vector<std::chrono::steady_clock::duration> beats;
  while (lists < 16) {
    v1::HeartbeatRequest heartbeat;
    heartbeat.set_worker_id("w1");
    v1::HeartbeatReply directives;
    const auto start = std::chrono::steady_clock::now();
    EXPECT_TRUE(coordinator.workers().Heartbeat(Call(), heartbeat, &directives).ok());
    beats.push_back(std::chrono::steady_clock::now() - start);
    std::this_thread::sleep_for(5ms);
  }
  over = true;
  for (std::thread& lister : listers) lister.join();
  std::sort(beats.begin(), beats.end());
  EXPECT_GT(beats.size(), 20u);
  EXPECT_LT(beats[beats.size() / 2], 500ms);
  EXPECT_LT(beats.back(), 3s) << "a heartbeat waited for a list";
}

TEST_F(ServiceTest, AStopEndsWaitingCallsAndIsClean) {
  CoordinatorProcess coordinator(folder_.path());
  submit(coordinator, "s-1");
  v1::WatchEventsRequest request;
  request.mutable_sweep()->set_name("two-seeds");
  Call call;
  const auto reader = coordinator.sweeps().WatchEvents(call, request);
  v1::WatchEventsReply item;
  ASSERT_TRUE(reader->Read(&item));  // the present state: it is subscribed

  coordinator.process().signal(SIGTERM);
  coordinator.process().signal(SIGTERM);  // as from a parent that stops it and ends
  while (reader->Read(&item)) continue;
  EXPECT_EQ(reader->Finish().error_code(), grpc::StatusCode::UNAVAILABLE);
  EXPECT_EQ(coordinator.process().wait(10s), 0);
  EXPECT_FALSE(std::filesystem::exists(folder_ / "port"));
}

TEST_F(ServiceTest, ASecondCoordinatorOnTheSameDatabaseIsRefused) {
  CoordinatorProcess coordinator(folder_.path());
  const Output second = refused_start();
  EXPECT_EQ(second.exit_code, 6);
  EXPECT_NE(second.err.find("coordinator.db is in use by another coordinator, process " +
                            std::to_string(coordinator.process().pid())),
            std::string::npos)
      << second.err;
  EXPECT_TRUE(coordinator.process().running());
}

TEST_F(ServiceTest, ADatabaseOfANewerVersionOrOfAnotherProgramIsRefused) {
  {
    CoordinatorProcess coordinator(folder_.path());
    coordinator.process().signal(SIGTERM);
    ASSERT_EQ(coordinator.process().wait(), 0);
  }
  sql("PRAGMA user_version = 4711");
  const Output newer = refused_start();
  EXPECT_EQ(newer.exit_code, 6);
  EXPECT_NE(newer.err.find("has schema version 4711, this program knows versions up to "), std::string::npos)
      << newer.err;

  std::filesystem::remove(folder_ / "coordinator.db");
  sql("CREATE TABLE recipes (name TEXT)");
  const Output foreign = refused_start();
  EXPECT_EQ(foreign.exit_code, 6);
  EXPECT_NE(foreign.err.find("coordinator.db"), std::string::npos) << foreign.err;
}

TEST_F(ServiceTest, WrongStartsEndWithOneClearLine) {
  const Output open =
      run({program("oodml-coordinator"), "--listen", "0.0.0.0:0", "--database", folder_ / "coordinator.db"});
  EXPECT_EQ(open.exit_code, 6);
  EXPECT_EQ(open.err.find("oodml-coordinator: refusing to listen on 0.0.0.0:0"), 0u) << open.err;
  EXPECT_EQ(std::count(open.err.begin(), open.err.end(), '\n'), 1);

  EXPECT_EQ(refused_start({"--listen", "7070"}).exit_code, 2);
  EXPECT_EQ(refused_start({"--colour"}).exit_code, 2);
  write_text(folder_ / "wrong.toml", "leese-seconds = 10\n");
  const Output wrong = refused_start({"--config", folder_ / "wrong.toml"});
  EXPECT_EQ(wrong.exit_code, 2);
  EXPECT_NE(wrong.err.find("unknown setting 'leese-seconds'"), std::string::npos) << wrong.err;
  write_text(folder_ / "wrong.toml", "cpu-slot = 1\n");
  const Output worker = run({program("oodml-worker"), "--config", folder_ / "wrong.toml", "--state-dir",
                             folder_ / "worker", "--benchmarks-root", folder_.path()});
  EXPECT_EQ(worker.exit_code, 2);
  EXPECT_NE(worker.err.find("unknown setting 'cpu-slot' in the file of --config; did you mean 'cpu-slots'?"),
            std::string::npos)
      << worker.err;
}

TEST_F(ServiceTest, AfterNohupAClosedTerminalChangesNothing) {
  CoordinatorProcess coordinator(folder_.path(), {}, {}, {"/usr/bin/nohup"});
  coordinator.process().signal(SIGHUP);
  coordinator.process().signal(SIGTERM);
  EXPECT_EQ(coordinator.process().wait(), 0);
  EXPECT_NE(coordinator.log().find("stopping on Terminated"), std::string::npos) << coordinator.log();
}

TEST_F(ServiceTest, TheDocumentedConfigurationIsAccepted) {
  CoordinatorProcess coordinator(folder_.path(), {"--config", source("configs/coordinator.toml")});
  v1::GetVersionReply version;
  EXPECT_TRUE(coordinator.sweeps().GetVersion(Call(), {}, &version).ok());
  // Of the worker's every setting is known, too: what ends it is what comes after them.
  const Output worker =
      run({program("oodml-worker"), "--config", source("configs/worker.toml"), "--tls-ca", "", "--token-file", "",
           "--state-dir", folder_ / "worker", "--benchmarks-root", folder_ / "none"});
  EXPECT_EQ(worker.exit_code, 5);
  EXPECT_NE(worker.err.find("none is not a folder"), std::string::npos) << worker.err;
}

}  // namespace
}  // namespace oodml::testing
