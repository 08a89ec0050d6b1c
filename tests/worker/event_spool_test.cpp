#include "worker/event_spool.h"

#include <gtest/gtest.h>
#include <signal.h>
#include <sys/resource.h>

#include <filesystem>
#include <fstream>

#include "tests/support/fake_clock.h"
#include "tests/support/process.h"
#include "tests/support/temporary_folder.h"
#include "tests/worker/trials.h"

namespace oodml::worker {
namespace {

namespace fs = std::filesystem;
using testing::FakeClock;
using testing::TemporaryFolder;

job::EventBody metric(int epoch) { return job::Metric{epoch, "test", "embeds", "e_recall@1", 0.25 * epoch}; }

class EventSpoolTest : public ::testing::Test {
 protected:
  std::unique_ptr<EventSpool> fresh() { return EventSpool::create(path_, lease_).value(); }
  std::unique_ptr<EventSpool> reopened() { return EventSpool::recover(path_).value(); }
  Status append(EventSpool& spool, job::EventBody body) {
    return spool.append(clock_.now(), std::move(body), clock_.steady_now());
  }
  void sync(EventSpool& spool) {
    clock_.advance(EventSpool::kSyncAfter);
    ASSERT_TRUE(spool.sync_if_due(clock_.steady_now()).ok());
  }
  void cut(std::uintmax_t bytes) { fs::resize_file(path_, fs::file_size(path_) - bytes); }

  FakeClock clock_;
  TemporaryFolder folder_;
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
  spool->told_up_to(2);
  EXPECT_EQ(sequences(*spool), (std::vector<std::int64_t>{3, 4}));
  spool->told_up_to(1);
  EXPECT_EQ(spool->backlog(), 2);
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
    std::ofstream(path_, std::ios::binary | std::ios::trunc)
        .write(bytes.data(), static_cast<std::streamsize>(whole - lost));
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
  {
    std::ofstream(path_) << "H";
  }
  const auto spool = EventSpool::recover(path_);
  ASSERT_FALSE(spool.has_value());
  EXPECT_EQ(spool.error().code(), StatusCode::kDataLoss);
}

TEST_F(EventSpoolTest, GivesBackTheDiskOfALongRunAndKeepsCounting) {
  const std::string text(3000, 'w');
  {
    const auto spool = fresh();
    for (int i = 0; i < 3000; ++i) ASSERT_TRUE(append(*spool, job::Progress{.step = i, .phase = text}).ok());
    sync(*spool);
    spool->told_up_to(2999);
    EXPECT_LT(fs::file_size(path_), 10'000u);
    ASSERT_TRUE(append(*spool, metric(1)).ok());
  }
  const auto spool = reopened();
  EXPECT_EQ(sequences(*spool), (std::vector<std::int64_t>{3000, 3001}));
  EXPECT_EQ(spool->last_sequence(), 3001);
}

/// A metric, and progress around it; what was told of it is in the file still.
TEST_F(EventSpoolTest, WhatWasToldCanBeToldAgainWithoutItsProgress) {
  const auto check = [&](EventSpool& spool) {
    ASSERT_TRUE(spool.tell_again_after(1));
    EXPECT_EQ(spool.told(), 1);
    EXPECT_EQ(spool.backlog(), 4);
    EXPECT_TRUE(spool.has_news());
    const std::vector<job::Event> again = spool.next_batch(10);
    ASSERT_EQ(again.size(), 4u);
    for (std::size_t i = 0; i < 4; ++i) EXPECT_EQ(again[i].sequence, static_cast<std::int64_t>(i) + 2);
    EXPECT_EQ(again[0].body, job::EventBody(job::Progress{.epoch = 1, .step = 30})) << "the newest stands for all";
    EXPECT_EQ(again[1].body, metric(1));
    EXPECT_EQ(again[2].body, job::EventBody(job::Progress{.epoch = 1, .step = 30}));
    EXPECT_EQ(again[3].body, metric(2));
    EXPECT_EQ(spool.next_batch(2).back().sequence, 3);
  };
  const auto spool = fresh();
  ASSERT_TRUE(append(*spool, job::Hello{1, "cpu", 5}).ok());
  ASSERT_TRUE(append(*spool, job::Progress{.epoch = 0, .step = 10}).ok());
  ASSERT_TRUE(append(*spool, metric(1)).ok());
  ASSERT_TRUE(append(*spool, job::Progress{.epoch = 1, .step = 30}).ok());
  ASSERT_TRUE(append(*spool, metric(2)).ok());
  sync(*spool);
  spool->told_up_to(5);
  EXPECT_FALSE(spool->has_news());
  EXPECT_EQ(spool->backlog(), 0);
  check(*spool);
  spool->told_up_to(5);
  EXPECT_TRUE(spool->next_batch(10).empty());
  check(*spool);
  spool->told_up_to(100);
  EXPECT_EQ(spool->told(), 5) << "no more than there is";
  ASSERT_TRUE(append(*spool, metric(3)).ok());
  sync(*spool);
  EXPECT_EQ(sequences(*spool), std::vector<std::int64_t>{6});
}

TEST_F(EventSpoolTest, ALaterLifeCanTellAgainWhatACompactedFileHolds) {
  const std::string text(3000, 'w');
  std::int64_t last = 0;
  {
    const auto spool = fresh();
    ASSERT_TRUE(append(*spool, metric(1)).ok());
    for (int i = 0; i < 3000; ++i) ASSERT_TRUE(append(*spool, job::Progress{.step = i, .phase = text}).ok());
    ASSERT_TRUE(append(*spool, metric(2)).ok());
    sync(*spool);
    last = spool->last_sequence();
    spool->told_up_to(last - 1);
    EXPECT_LT(fs::file_size(path_), 10'000u) << "progress goes";
    ASSERT_TRUE(spool->tell_again_after(0));
    ASSERT_TRUE(append(*spool, metric(3)).ok());
    ASSERT_TRUE(spool->append_finish(job::Outcome::kSucceeded, "").ok());
  }
  const auto spool = reopened();
  EXPECT_EQ(spool->last_sequence(), last + 1);
  EXPECT_EQ(spool->finish()->last_sequence, last + 1);
  EXPECT_EQ(sequences(*spool), (std::vector<std::int64_t>{last, last + 1})) << "as far as it had been told";
  ASSERT_TRUE(spool->tell_again_after(0));
  std::vector<job::Event> again;
  while (spool->backlog() > 0) {
    const auto batch = spool->next_batch(256);
    again.insert(again.end(), batch.begin(), batch.end());
    spool->told_up_to(batch.back().sequence);
  }
  ASSERT_EQ(again.size(), static_cast<std::size_t>(last + 1));
  for (std::size_t i = 0; i < again.size(); ++i) ASSERT_EQ(again[i].sequence, static_cast<std::int64_t>(i) + 1);
  EXPECT_EQ(again.front().body, metric(1));
  EXPECT_EQ(again[static_cast<std::size_t>(last) - 1].body, metric(2));
  EXPECT_EQ(again.back().body, metric(3));
}

TEST_F(EventSpoolTest, KeepsNoMoreOfWhatWasToldThanItMay) {
  const std::string text(4000, 'w');
  const auto spool = fresh();
  const auto count = static_cast<std::int64_t>(EventSpool::kMaxKept / text.size()) + 100;
  for (std::int64_t i = 0; i < count; ++i) ASSERT_TRUE(append(*spool, job::Warning{text}).ok());
  sync(*spool);
  spool->told_up_to(count);
  EXPECT_FALSE(spool->tell_again_after(0));
  EXPECT_EQ(spool->backlog(), 0) << "a refusal changes nothing";
  EXPECT_TRUE(spool->tell_again_after(count - 1000));
  EXPECT_EQ(spool->next_batch(10).front().sequence, count - 999);
}

TEST_F(EventSpoolTest, AFileOfTheVersionBeforeIsRead) {
  {
    auto file = RecordFile::create(path_).value();
    ASSERT_TRUE(file.append(R"(H{"version": 1, "trial": 7, "attempt": 1, "lease": "x", "freed": 4})").ok());
    ASSERT_TRUE(file.append("E5 1000 metric epoch=1 set=test embeds=embeds name=nmi value=0.5").ok());
    ASSERT_TRUE(file.append(R"(F{"request": "r", "outcome": "succeeded", "message": "", "last_sequence": 5})").ok());
  }
  const auto spool = reopened();
  EXPECT_EQ(sequences(*spool), std::vector<std::int64_t>{5});
  EXPECT_EQ(spool->finish()->outcome, job::Outcome::kSucceeded);
  EXPECT_FALSE(spool->tell_again_after(3));
}

TEST_F(EventSpoolTest, ALaterLifeKnowsWhatTheLeaseIsOf) {
  {
    ASSERT_TRUE(EventSpool::create(path_, lease_, "abc123", "cpu:0").has_value());
  }
  EXPECT_EQ(reopened()->held(), (job::HeldLease{lease_, "abc123", "cpu:0"}));
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
