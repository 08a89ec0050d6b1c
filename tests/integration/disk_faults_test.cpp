// The real coordinator on a disk that fails, tears, forgets, or is the last thing it sees: what it confirmed is there
// after the next start, and what it did not confirm, asked again with its request id, acts once.

#include <gtest/gtest.h>
#include <signal.h>

#include <atomic>
#include <fstream>
#include <map>
#include <optional>
#include <random>
#include <set>
#include <thread>

#include "coordinator/store/schema.h"
#include "coordinator/store/spec_text.h"
#include "tests/integration/coordinator_process.h"
#include "tests/support/faulty_disk/faulty_disk.h"
#include "tests/support/faulty_disk/power_cut.h"
#include "tests/support/temporary_folder.h"

namespace oodml::testing {
namespace {

using namespace std::chrono_literals;

constexpr int kDiskFailed = 74;  // core/base/exit_code.h

constexpr const char* kDatabase = "coordinator.db";  // and what lies beside it: the log, its index, the lock
constexpr const char* kRecordFiles = "record path=coordinator.db";
constexpr const char* kRecordNames = "record path=/db$";  // the folder's fsync

v1::SubmitRequest submission(const std::string& request_id) {
  v1::SubmitRequest request;
  request.mutable_sweep()->set_yaml(
      "version: 1\n"
      "name: " +
      request_id +
      "\n"
      "trial: {arch: small_conv_normalize, embed_dim: 16, crop_size: 28, resize: 28, batch_size: 8, epochs: 1}\n"
      "matrix: {benchmark: [fashion_mnist], split: default, criterion: [multisimilarity], seed: {count: 3}}\n");
  request.mutable_sweep()->set_file_name("sweep.yaml");
  request.set_request_id(request_id);
  return request;
}

class DiskFaultsTest : public ::testing::Test {
 protected:
  void SetUp() override {
    if (const std::string why = FaultyDisk::why_not(); !why.empty()) GTEST_SKIP() << why;
    std::filesystem::create_directories(folder_ / "db");
  }

  void start() {
    if (coordinator_) {
      coordinator_->start();
    } else {
      coordinator_.emplace(folder_ / "db", std::vector<std::string>{}, disk_.environment());
    }
  }
  void kill() {
    coordinator_->process().signal(SIGKILL);
    ASSERT_EQ(coordinator_->process().wait(), 128 + SIGKILL);
  }

  /// Submits a sweep; its id where it was confirmed.
  std::optional<std::int64_t> submit(const std::string& request_id, std::chrono::seconds patience = 60s) {
    v1::SubmitReply reply;
    grpc::ClientContext context;
    context.set_deadline(std::chrono::system_clock::now() + patience);
    const grpc::Status status = coordinator_->sweeps().Submit(&context, submission(request_id), &reply);
    if (!status.ok()) return std::nullopt;
    confirmed_[request_id] = reply.sweep_id();
    return reply.sweep_id();
  }

  /// Every sweep by name, as the coordinator lists them.
  std::multimap<std::string, std::int64_t> sweeps() {
    std::multimap<std::string, std::int64_t> found;
    v1::ListRequest request;
    do {
      v1::ListReply page;
      const grpc::Status status = coordinator_->sweeps().List(Call(), request, &page);
      EXPECT_TRUE(status.ok()) << status.error_message();
      for (const v1::SweepSummary& sweep : page.sweeps()) found.emplace(sweep.name(), sweep.sweep_id());
      request.set_before_sweep_id(page.next_before_sweep_id());
    } while (request.before_sweep_id() != 0);
    return found;
  }

  void expect_all_that_was_confirmed() {
    const auto found = sweeps();
    for (const auto& [name, id] : confirmed_) {
      ASSERT_EQ(found.count(name), 1u) << name << " was confirmed";
      EXPECT_EQ(found.find(name)->second, id);
    }
  }
  /// Whoever got no answer asks again.
  void expect_once(const std::string& request_id) {
    const auto id = submit(request_id);
    ASSERT_TRUE(id) << coordinator_->log();
    EXPECT_EQ(submit(request_id), id);
    EXPECT_EQ(sweeps().count(request_id), 1u);
  }
  std::filesystem::path log_file() const { return coordinator_->database().string() + "-wal"; }

  TemporaryFolder folder_;
  FaultyDisk disk_{folder_ / "rules"};
  std::optional<CoordinatorProcess> coordinator_;
  std::map<std::string, std::int64_t> confirmed_;
};

/// A call that fails while a submission is committed.
class CommitFaultTest : public DiskFaultsTest, public ::testing::WithParamInterface<const char*> {};

TEST_P(CommitFaultTest, EndsTheProcessWithoutAnAnswer) {
  start();
  ASSERT_TRUE(submit("first"));
  disk_.set({GetParam()});
  EXPECT_FALSE(submit("second", 30s)) << "confirmed, though the disk failed";
  EXPECT_EQ(coordinator_->process().wait(30s), kDiskFailed) << coordinator_->log();
  EXPECT_EQ(disk_.struck().size(), 1u);
  for (const char* said : {"the disk failed", "coordinator.db", "Input/output error", "the next start"}) {
    EXPECT_NE(coordinator_->log().find(said), std::string::npos) << said << "\n" << coordinator_->log();
  }
  disk_.clear();
  start();
  expect_all_that_was_confirmed();
  expect_once("second");
}

INSTANTIATE_TEST_SUITE_P(Calls, CommitFaultTest,
                         ::testing::Values("fail times=1 errno=EIO calls=fdatasync path=coordinator.db-wal$",
                                           "fail times=1 errno=EIO calls=pwrite path=coordinator.db-wal$",
                                           "fail times=1 errno=EIO calls=pwrite after=3 path=coordinator.db-wal$"));

TEST_F(DiskFaultsTest, UnderManyClientsNothingThatWasConfirmedIsMissing) {
  start();
  std::mutex mutex;
  std::vector<std::string> unanswered;
  std::atomic<int> answered = 0;
  std::vector<std::thread> clients;
  for (int client = 0; client < 4; ++client) {
    clients.emplace_back([&, client] {
      for (int i = 0;; ++i) {
        const std::string id = "client-" + std::to_string(client) + "-" + std::to_string(i);
        v1::SubmitReply reply;
        const grpc::Status status = coordinator_->sweeps().Submit(Call(), submission(id), &reply);
        const std::lock_guard lock(mutex);
        if (!status.ok()) return unanswered.push_back(id);
        confirmed_[id] = reply.sweep_id();
        ++answered;
      }
    });
  }
  ASSERT_TRUE(wait_until([&] { return answered > 20; }));
  disk_.set({"fail errno=EIO calls=fdatasync path=coordinator.db-wal$"});
  for (std::thread& client : clients) client.join();
  EXPECT_EQ(coordinator_->process().wait(30s), kDiskFailed);
  disk_.clear();
  start();
  expect_all_that_was_confirmed();
  for (const std::string& id : unanswered) expect_once(id);
}

TEST_F(DiskFaultsTest, ACleanStopThatCannotSyncSaysSo) {
  start();
  ASSERT_TRUE(submit("first"));
  disk_.set({"fail errno=EIO calls=fdatasync path=coordinator.db$"});
  coordinator_->process().signal(SIGTERM);
  EXPECT_EQ(coordinator_->process().wait(30s), kDiskFailed) << coordinator_->log();
  disk_.clear();
  start();
  expect_all_that_was_confirmed();
}

TEST_F(DiskFaultsTest, AStartThatCannotSyncWhatItReadIsRefused) {
  start();
  ASSERT_TRUE(submit("first"));
  disk_.set({"fail errno=EIO calls=fdatasync path=coordinator.db-wal$"});
  EXPECT_FALSE(submit("second", 30s));
  EXPECT_EQ(coordinator_->process().wait(30s), kDiskFailed);
  // The commit may be in the page cache, where a next process reads it, and nowhere else.
  disk_.set({"fail errno=EIO calls=fdatasync path=coordinator.db$"});
  EXPECT_THROW(start(), std::runtime_error);
  EXPECT_EQ(coordinator_->process().wait(30s), 1);
  disk_.clear();
  start();
  expect_all_that_was_confirmed();
  expect_once("second");
}

TEST_F(DiskFaultsTest, ATornTailOfTheLogCostsNothingThatWasConfirmed) {
  start();
  ASSERT_TRUE(submit("first"));
  ASSERT_TRUE(submit("second"));
  for (int torn = 0; torn < 6; ++torn) {
    const std::string id = "torn-" + std::to_string(torn);
    disk_.set({"tear calls=pwrite path=coordinator.db-wal$ after=" + std::to_string(torn)});
    EXPECT_FALSE(submit(id, 30s));
    ASSERT_EQ(coordinator_->process().wait(30s), 128 + SIGKILL);
    disk_.clear();
    start();
    expect_all_that_was_confirmed();
    expect_once(id);
  }
  // Garbage behind the last commit, and half of it cut off again.
  kill();
  std::ofstream(log_file(), std::ios::binary | std::ios::app) << std::string(10'000, '\x5a');
  start();
  expect_all_that_was_confirmed();
}

TEST_F(DiskFaultsTest, DamageBeforeTheLastCommitIsNoticedAndTheOperatorDecides) {
  start();
  ASSERT_TRUE(submit("first"));
  const auto first_ends = std::filesystem::file_size(log_file());
  for (const char* id : {"second", "third", "fourth"}) ASSERT_TRUE(submit(id));
  kill();
  const std::string whole = read_text(log_file());
  // A bit here and there in what was confirmed after the first sweep: in a page, or in the 24 bytes before it.
  for (const std::size_t place : {first_ends + 24 + 100, first_ends + 3, first_ends + 9, first_ends + 17}) {
    std::string damaged = whole;
    damaged[place] = static_cast<char>(damaged[place] ^ 0x10);
    write_text(log_file(), damaged);
    EXPECT_THROW(start(), std::runtime_error) << place;
    EXPECT_EQ(coordinator_->process().wait(), 1);
    const std::string said = coordinator_->log();
    EXPECT_NE(said.find("coordinator.db-wal is damaged in page "), std::string::npos) << said;
    EXPECT_NE(said.find("--accept-damaged-log"), std::string::npos) << said;
    EXPECT_EQ(read_text(log_file()), damaged) << "a refusal changes nothing";
  }
  const std::string damaged = read_text(log_file());
  const CoordinatorProcess told(folder_ / "db", {"--accept-damaged-log"});
  EXPECT_EQ(read_text(log_file().string() + ".damaged"), damaged);
  EXPECT_NE(coordinator_->log().find("going on without it"), std::string::npos);
}

TEST_F(DiskFaultsTest, AnUndamagedLogIsTakenAsItIs) {
  start();
  ASSERT_TRUE(submit("first"));
  ASSERT_TRUE(submit("second"));
  kill();
  start();  // and begins its log again
  expect_all_that_was_confirmed();
  ASSERT_TRUE(submit("third"));
  kill();
  write_text(log_file(), read_text(log_file()) + read_text(log_file()));  // as if an earlier round had been longer
  start();
  expect_all_that_was_confirmed();
}

TEST_F(DiskFaultsTest, APowerCutTakesNothingThatWasConfirmed) {
  disk_.set({kRecordFiles, kRecordNames});
  PowerCut power(disk_, folder_ / "db", kDatabase);
  std::mt19937 random(20261129);
  int lost = 0;
  for (int cut = 0; cut < 8; ++cut) {
    start();
    expect_all_that_was_confirmed();
    std::atomic<bool> over = false;
    std::thread client([&] {
      for (int i = 0; !over; ++i) submit("cut-" + std::to_string(cut) + "-" + std::to_string(i), 10s);
    });
    std::this_thread::sleep_for(std::chrono::milliseconds(std::uniform_int_distribution(50, 600)(random)));
    kill();
    over = true;
    client.join();
    power.strike(random());
    lost += power.lost_sectors();
  }
  start();
  expect_all_that_was_confirmed();
  EXPECT_GT(confirmed_.size(), 10u);
  EXPECT_GT(lost, 0) << "no write was lost in any cut: the test shows nothing";
}

/// What the first version of the schema looked like with a sweep in it.
void make_old_database(const std::filesystem::path& path) {
  using namespace coordinator::store;
  Connection database(path, Access::kWrite);
  database.script("PRAGMA journal_mode = WAL");
  ASSERT_TRUE(migrate(database, {migrations().front()}).ok());
  database.script(
      "INSERT INTO sweeps (name, source, axes, replicate_axis, metrics, priority, created) "
      "VALUES ('old', 'version: 1', '[]', 'seed', '[]', 0, 1);"
      "INSERT INTO trials (fingerprint, benchmark, split, cpu_threads, state) "
      "VALUES ('f', 'fashion_mnist', 'default', 1, 'paused');"
      "INSERT INTO sweep_trials (sweep_id, position, trial_id, wish, labels) VALUES (1, 0, 1, 1, '{}');");
  const job::TrialSpec spec{.values = {{"arch", std::string("small_conv_normalize")},
                                       {"benchmark", std::string("fashion_mnist")},
                                       {"cpu_threads", std::int64_t{1}},
                                       {"split", std::string("default")}}};
  database.execute("INSERT INTO trial_specs (trial_id, settings) VALUES (1, ?)", to_text(spec));
}

/// A start that is killed before any of the calls by which it changes files, with a power cut on top; then another one.
class StartKilledTest : public DiskFaultsTest, public ::testing::WithParamInterface<bool> {};

TEST_P(StartKilledTest, IsFinishedByTheNextOne) {
  const bool old = GetParam();
  int kills = 0;
  for (bool came_up = false; !came_up; ++kills) {
    ASSERT_LT(kills, 500);
    coordinator_.reset();
    std::filesystem::remove_all(folder_ / "db");
    std::filesystem::create_directories(folder_ / "db");
    if (old) make_old_database(folder_ / "db" / "coordinator.db");
    disk_.set({kRecordFiles, kRecordNames, "kill path=coordinator.db after=" + std::to_string(kills)});
    PowerCut power(disk_, folder_ / "db", kDatabase);
    Process killed({program("oodml-coordinator"), "--listen", "127.0.0.1:0", "--port-file", folder_ / "port-file",
                    "--database", folder_ / "db" / "coordinator.db"},
                   {.environment = disk_.environment()});
    ASSERT_TRUE(wait_until([&] { return std::filesystem::exists(folder_ / "port-file") || !killed.running(); }));
    came_up = killed.running();
    if (came_up) killed.signal(SIGKILL);
    EXPECT_EQ(killed.wait(), 128 + SIGKILL);
    power.strike(static_cast<std::uint64_t>(kills));
    disk_.clear();
    ASSERT_NO_THROW(start()) << "after a kill before call " << kills;
    EXPECT_EQ(sweeps().count("old"), old ? 1u : 0u);
    expect_once("new");
    confirmed_.clear();
  }
  EXPECT_GT(kills, 10) << "too few calls were seen";
}

INSTANTIATE_TEST_SUITE_P(Databases, StartKilledTest, ::testing::Bool(),
                         [](const auto& info) { return info.param ? "OfAnOlderVersion" : "New"; });

TEST_F(DiskFaultsTest, ADiskThatLiesAboutItsSyncsDoesLoseThings) {
  // So that the test above is known to be able to fail.
  disk_.set({kRecordFiles, kRecordNames, "lie calls=fsync,fdatasync path=/db"});
  start();
  PowerCut power(disk_, folder_ / "db", kDatabase);
  for (int i = 0; i < 5; ++i) ASSERT_TRUE(submit("sweep-" + std::to_string(i)));
  kill();
  power.strike(1);
  disk_.clear();
  std::size_t left = 0;
  try {
    start();
    left = sweeps().size();
  } catch (const std::runtime_error&) {  // not even a database any more
  }
  EXPECT_LT(left, 5u);
}

}  // namespace
}  // namespace oodml::testing
