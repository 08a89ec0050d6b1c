// EventSpool on a disk whose fsync, write or rename fails for real.
#include <gtest/gtest.h>
#include <sys/stat.h>

#include <filesystem>

#include "tests/support/fake_clock.h"
#include "tests/support/faulty_disk/same_test.h"
#include "tests/support/temporary_folder.h"
#include "tests/worker/trials.h"
#include "worker/event_spool.h"

namespace oodml::worker {
namespace {

namespace fs = std::filesystem;
using testing::FaultyDisk;
using testing::on_faulty_disk;

job::EventBody metric(std::int64_t epoch) { return job::Metric{epoch, "test", "embeds", "e_recall@1", 0.25}; }

class FaultySpoolTest : public ::testing::Test {
 protected:
  std::unique_ptr<EventSpool> fresh() { return EventSpool::create(path_, lease_).value(); }
  Status append(EventSpool& spool, std::int64_t epoch) {
    return spool.append(clock_.now(), metric(epoch), clock_.steady_now());
  }
  Status sync(EventSpool& spool) {
    clock_.advance(EventSpool::kSyncAfter);
    return spool.sync_if_due(clock_.steady_now());
  }
  /// For the spool's file and its folder; without a path, rules would hold for the file of rules, too.
  std::string of_file(const std::string& rule) const { return rule + " path=" + path_.string(); }
  std::string here(const std::string& rule) const { return rule + " path=" + folder_.path().string(); }
  ino_t inode() const {
    struct stat about{};
    EXPECT_EQ(::stat(path_.c_str(), &about), 0);
    return about.st_ino;
  }

  /// Every event once, in order, with the epoch that it was given: 1, 2, ...
  static void expect_epochs(const std::vector<job::Event>& events, std::int64_t count) {
    ASSERT_EQ(events.size(), static_cast<std::size_t>(count));
    for (std::int64_t i = 0; i < count; ++i) {
      EXPECT_EQ(events[static_cast<std::size_t>(i)].sequence, i + 1);
      EXPECT_EQ(events[static_cast<std::size_t>(i)].body, metric(i + 1));
    }
  }
  void expect_whole(const EventSpool& spool, std::int64_t count) {
    expect_epochs(spool.next_batch(1000), count);
    expect_epochs(EventSpool::recover(path_).value()->next_batch(1000), count);
  }

  testing::FakeClock clock_;
  testing::TemporaryFolder folder_;
  const fs::path path_ = folder_ / "7-1.spool";
  const job::Lease lease_ = testing::leased_trial(7).lease;
};

TEST_F(FaultySpoolTest, AnEventWhoseSyncFailedIsTakenOnce) {
  on_faulty_disk([&](FaultyDisk& disk) {
    const auto spool = fresh();
    constexpr auto kMany = static_cast<std::int64_t>(EventSpool::kSyncEvery);
    disk.set({here("fail calls=fsync,fdatasync")});
    for (std::int64_t i = 1; i <= kMany; ++i) EXPECT_TRUE(append(*spool, i).ok()) << "the last one syncs, and is taken";
    EXPECT_FALSE(append(*spool, kMany + 1).ok()) << "a doubtful file takes nothing";
    EXPECT_EQ(spool->last_sequence(), kMany);
    EXPECT_TRUE(spool->next_batch(1000).empty()) << "nothing was ever synced";
    EXPECT_FALSE(sync(*spool).ok());
    EXPECT_FALSE(spool->has_news());

    disk.clear();
    ASSERT_TRUE(append(*spool, kMany + 1).ok());
    ASSERT_TRUE(sync(*spool).ok());
    expect_whole(*spool, kMany + 1);
  });
}

TEST_F(FaultySpoolTest, AfterAFailedSyncTheFileIsWrittenAnewEvenIfTheNextSyncWouldSucceed) {
  on_faulty_disk([&](FaultyDisk& disk) {
    const auto spool = fresh();
    for (std::int64_t i = 1; i <= 3; ++i) ASSERT_TRUE(append(*spool, i).ok());
    const ino_t before = inode();
    disk.set({of_file("fail times=1 calls=fdatasync")});
    EXPECT_FALSE(sync(*spool).ok());
    EXPECT_EQ(inode(), before);
    ASSERT_TRUE(sync(*spool).ok());
    EXPECT_NE(inode(), before) << "what is synced now may not hold what the failed sync dropped";
    expect_whole(*spool, 3);
  });
}

TEST_F(FaultySpoolTest, EveryStepOfWritingItAnewMayFail) {
  on_faulty_disk([&](FaultyDisk& disk) {
    const auto spool = fresh();
    std::int64_t epochs = 0;
    // The last one is the folder's: the new file is there, but its name may not survive a power cut.
    for (const char* step : {"open", "pwrite", "fdatasync", "rename", "fsync"}) {
      ASSERT_TRUE(append(*spool, ++epochs).ok());
      disk.set({of_file("fail times=1 calls=fdatasync"), here(std::string("fail errno=EIO calls=") + step)});
      EXPECT_FALSE(sync(*spool).ok());
      EXPECT_FALSE(sync(*spool).ok()) << step;
      EXPECT_FALSE(append(*spool, epochs + 1).ok()) << step;
      EXPECT_EQ(spool->next_batch(1000).size(), static_cast<std::size_t>(epochs - 1)) << step;
      disk.clear();
      ASSERT_TRUE(sync(*spool).ok()) << step;
      EXPECT_FALSE(fs::exists(path_.string() + ".new"));
      expect_whole(*spool, epochs);
    }
  });
}

TEST_F(FaultySpoolTest, AnOutcomeIsSyncedInAFreshFileOrStaysInMemory) {
  on_faulty_disk([&](FaultyDisk& disk) {
    {
      const auto spool = fresh();
      ASSERT_TRUE(append(*spool, 1).ok());
      disk.set({of_file("fail times=1 calls=fdatasync")});
      EXPECT_TRUE(spool->append_finish(job::Outcome::kSucceeded, "").ok());
      EXPECT_TRUE(spool->sync_finish().ok());
      expect_whole(*spool, 1);
      ASSERT_TRUE(EventSpool::recover(path_).value()->finish());
    }
    const auto spool = fresh();
    ASSERT_TRUE(append(*spool, 1).ok());
    ASSERT_TRUE(sync(*spool).ok());
    disk.set({here("fail calls=pwrite,open errno=ENOSPC")});
    EXPECT_FALSE(spool->append_finish(job::Outcome::kSucceeded, "").ok());
    disk.clear();
    EXPECT_EQ(spool->finish()->outcome, job::Outcome::kSucceeded) << "this life can tell it";
    const auto later = EventSpool::recover(path_).value();
    EXPECT_FALSE(later->finish()) << "the next life does not know it";
    expect_epochs(later->next_batch(10), 1);
  });
}

TEST_F(FaultySpoolTest, AWriteWhoseCutFailsTooLeavesTheEventsBeforeIt) {
  on_faulty_disk([&](FaultyDisk& disk) {
    const auto spool = fresh();
    ASSERT_TRUE(append(*spool, 1).ok());
    disk.set({here("fail calls=pwrite,ftruncate")});
    EXPECT_FALSE(append(*spool, 2).ok());
    EXPECT_EQ(spool->last_sequence(), 1);
    disk.clear();
    ASSERT_TRUE(append(*spool, 2).ok());
    ASSERT_TRUE(sync(*spool).ok());
    expect_whole(*spool, 2);
  });
}

TEST_F(FaultySpoolTest, ACompactionThatFailsCostsNothing) {
  on_faulty_disk([&](FaultyDisk& disk) {
    const auto spool = fresh();
    std::int64_t progress = 0;
    const auto chatter = [&] {
      for (int i = 0; i < 60'000; ++i) {
        const job::Progress body{.epoch = 1, .step = ++progress, .phase = std::string(40, 'p')};
        ASSERT_TRUE(spool->append(clock_.now(), body, clock_.steady_now()).ok());
      }
      ASSERT_TRUE(sync(*spool).ok());
    };
    chatter();
    for (const char* step : {"open", "pwrite", "rename", "fsync"}) {
      disk.set({here(std::string("fail errno=EIO calls=") + step)});
      spool->told_up_to(progress);
      EXPECT_EQ(spool->told(), progress);
    }
    disk.clear();
    ASSERT_TRUE(sync(*spool).ok());
    EXPECT_LT(fs::file_size(path_), 10'000u);
    EXPECT_EQ(EventSpool::recover(path_).value()->last_sequence(), progress);
  });
}

}  // namespace
}  // namespace oodml::worker
