#include "worker/event_spool.h"

#include <gtest/gtest.h>
#include <signal.h>
#include <sys/resource.h>

#include <filesystem>
#include <fstream>

#include "tests/support/fake_clock.h"
#include "tests/support/process.h"
#include "tests/worker/trials.h"

namespace oodml::worker {
namespace {

namespace fs = std::filesystem;
using testing::FakeClock;
using testing::TempDir;

job::EventBody metric(int epoch) { return job::Metric{epoch, "test", "embeds", "e_recall@1", 0.25 * epoch}; }

class EventSpoolTest : public ::testing::Test {
 protected:
  std::unique_ptr<EventSpool> fresh() { return EventSpool::create(path_, lease_).value(); }
  std::unique_ptr<EventSpool> reopened() { return EventSpool::recover(path_).value(); }
  Status append(EventSpool& spool, job::EventBody body) { return spool.append(clock_.now(), std::move(body), clock_.steady_now()); }
  void sync(EventSpool& spool) {
    clock_.advance(EventSpool::kSyncAfter);
    ASSERT_TRUE(spool.sync_if_due(clock_.steady_now()).ok());
  }
  void cut(std::uintmax_t bytes) { fs::resize_file(path_, fs::file_size(path_) - bytes); }

  FakeClock clock_;
  TempDir folder_;
  const fs::path path_ = folder_ / "7-1.spool";
  const job::Lease lease_ = testing::leased_trial(7).lease;
};

std::vector<std::int64_t> sequences(const EventSpool& spool) {
  std::vector<std::int64_t> list;
  for (const job::Event& event : spool.next_batch(1000)) list.push_back(event.sequence);
  return list;
}

TEST_F(EventSpoolTest, NumbersEventsFromOneAndOffersThemOnceTheyAreOnDisk) {
  const auto spool = fresh();
  ASSERT_TRUE(append(*spool, job::Hello{1, "cpu", 5}).ok());
  ASSERT_TRUE(append(*spool, metric(1)).ok());
  EXPECT_TRUE(spool->next_batch(10).empty());
  EXPECT_FALSE(spool->has_news());
  sync(*spool);
  EXPECT_TRUE(spool->has_news());
  const std::vector<job::Event> batch = spool->next_batch(10);
  ASSERT_EQ(batch.size(), 2u);
  EXPECT_EQ(batch[1].sequence, 2);
  EXPECT_EQ(batch[1].body, metric(1));
  EXPECT_EQ(batch[1].trial, lease_.trial);
}

TEST_F(EventSpoolTest, SyncsByItselfAfterManyEvents) {
  const auto spool = fresh();
  for (std::size_t i = 0; i < EventSpool::kSyncEvery; ++i) ASSERT_TRUE(append(*spool, metric(1)).ok());
  EXPECT_EQ(spool->next_batch(1000).size(), EventSpool::kSyncEvery);
}

TEST_F(EventSpoolTest, ForgetsOnlyWhatIsDurable) {
  const auto spool = fresh();
  for (int i = 1; i <= 4; ++i) ASSERT_TRUE(append(*spool, metric(i)).ok());
  sync(*spool);
  spool->free_up_to(2);
  EXPECT_EQ(sequences(*spool), (std::vector<std::int64_t>{3, 4}));
  spool->free_up_to(1);
  EXPECT_EQ(spool->backlog(), 2u);
}

TEST_F(EventSpoolTest, ALaterLifeFindsEventsLeaseAndOutcome) {
  std::string request;
  {
    const auto spool = fresh();
    ASSERT_TRUE(append(*spool, metric(1)).ok());
    ASSERT_TRUE(append(*spool, job::Failed{"numeric", "loss is nan, 100% sure"}).ok());
    ASSERT_TRUE(spool->append_finish(job::Outcome::kNumeric, "loss is nan").ok());
    request = spool->finish()->request_id;
  }
  const auto spool = reopened();
  EXPECT_EQ(spool->lease(), lease_);
  const std::vector<job::Event> events = spool->next_batch(10);
  ASSERT_EQ(events.size(), 2u);
  EXPECT_EQ(events[0].time, clock_.now());
  EXPECT_EQ(events[1].body, job::EventBody(job::Failed{"numeric", "loss is nan, 100% sure"}));
  ASSERT_TRUE(spool->finish());
  EXPECT_EQ(spool->finish()->request_id, request) << "a repeat must be recognisable";
  EXPECT_EQ(spool->finish()->outcome, job::Outcome::kNumeric);
  EXPECT_EQ(spool->finish()->last_sequence, 2);
}

TEST_F(EventSpoolTest, ATornLastRecordIsCutOffWhereverTheCrashCame) {
  {
    const auto spool = fresh();
    for (int i = 1; i <= 3; ++i) ASSERT_TRUE(append(*spool, metric(i)).ok());
  }
  const std::uintmax_t whole = fs::file_size(path_);
  std::ifstream in(path_, std::ios::binary);
  const std::string bytes((std::istreambuf_iterator<char>(in)), {});
  for (std::uintmax_t lost = 1; lost < 40; ++lost) {
    std::ofstream(path_, std::ios::binary | std::ios::trunc).write(bytes.data(), static_cast<std::streamsize>(whole - lost));
    const auto spool = reopened();
    EXPECT_EQ(sequences(*spool), (std::vector<std::int64_t>{1, 2})) << lost << " bytes lost";
    ASSERT_TRUE(append(*spool, metric(9)).ok());
    EXPECT_EQ(spool->last_sequence(), 3);
  }
  EXPECT_EQ(reopened()->last_sequence(), 3) << "what was appended after the cut is whole";
}

TEST_F(EventSpoolTest, DamagedBytesEndTheReadableRecords) {
  {
    const auto spool = fresh();
    for (int i = 1; i <= 3; ++i) ASSERT_TRUE(append(*spool, metric(i)).ok());
  }
  {
    std::fstream file(path_, std::ios::binary | std::ios::in | std::ios::out);
    file.seekp(-3, std::ios::end);
    file.put('#');
  }
  EXPECT_EQ(sequences(*reopened()), (std::vector<std::int64_t>{1, 2}));
}

TEST_F(EventSpoolTest, AFileWithoutItsLeaseIsRefused) {
  { std::ofstream(path_) << "H"; }
  const auto spool = EventSpool::recover(path_);
  ASSERT_FALSE(spool.has_value());
  EXPECT_EQ(spool.error().code(), StatusCode::kDataLoss);
}

TEST_F(EventSpoolTest, GivesBackTheDiskOfALongRunAndKeepsCounting) {
  const std::string text(3000, 'w');
  {
    const auto spool = fresh();
    for (int i = 0; i < 3000; ++i) ASSERT_TRUE(append(*spool, job::Warning{text}).ok());
    sync(*spool);
    spool->free_up_to(2999);
    EXPECT_LT(fs::file_size(path_), 10'000u);
    ASSERT_TRUE(append(*spool, metric(1)).ok());
  }
  const auto spool = reopened();
  EXPECT_EQ(sequences(*spool), (std::vector<std::int64_t>{3000, 3001}));
  EXPECT_EQ(spool->last_sequence(), 3001);
}

/// The process may not make files larger than this: what a full disk looks like from inside.
class FileSizeLimit {
 public:
  explicit FileSizeLimit(rlim_t bytes) : handler_(::signal(SIGXFSZ, SIG_IGN)) {
    ::getrlimit(RLIMIT_FSIZE, &old_);
    const rlimit limit{bytes, old_.rlim_max};
    ::setrlimit(RLIMIT_FSIZE, &limit);
  }
  ~FileSizeLimit() {
    ::setrlimit(RLIMIT_FSIZE, &old_);
    ::signal(SIGXFSZ, handler_);
  }

 private:
  rlimit old_{};
  sighandler_t handler_;
};

TEST_F(EventSpoolTest, AFullDiskChangesNothingAndTheEventCanBeWrittenLater) {
  const auto spool = fresh();
  ASSERT_TRUE(append(*spool, metric(1)).ok());
  {
    // The record fits in part, so that a torn one would stay behind if it were not undone.
    const FileSizeLimit limit(fs::file_size(path_) + 20);
    const Status refused = append(*spool, metric(2));
    EXPECT_FALSE(refused.ok());
    EXPECT_NE(refused.message().find(path_.string()), std::string::npos) << refused.message();
    EXPECT_EQ(spool->last_sequence(), 1);
  }
  ASSERT_TRUE(append(*spool, metric(2)).ok());
  ASSERT_TRUE(append(*spool, metric(3)).ok());
  EXPECT_EQ(sequences(*reopened()), (std::vector<std::int64_t>{1, 2, 3}));
}

TEST_F(EventSpoolTest, AnOutcomeThatTheDiskRefusesIsStillDelivered) {
  const auto spool = fresh();
  ASSERT_TRUE(append(*spool, metric(1)).ok());
  const FileSizeLimit limit(fs::file_size(path_));
  EXPECT_FALSE(spool->append_finish(job::Outcome::kInfrastructure, "disk full").ok());
  ASSERT_TRUE(spool->finish());
  EXPECT_EQ(sequences(*spool), (std::vector<std::int64_t>{1}));
}

TEST_F(EventSpoolTest, RemovedIsGoneFromTheDisk) {
  const auto spool = fresh();
  spool->remove();
  EXPECT_FALSE(fs::exists(path_));
  EXPECT_TRUE(append(*spool, metric(1)).ok()) << "a child that still talks does no harm";
}

}  // namespace
}  // namespace oodml::worker
