#include "worker/announcement.h"

#include <gtest/gtest.h>

#include <algorithm>

#include "core/job/limits.h"

namespace oodml::worker {
namespace {

std::string number(int value) {
  const std::string digits = std::to_string(value);
  return std::string(5 - digits.size(), '0') + digits;
}

job::WorkerInfo with_folders(int count) {
  job::WorkerInfo worker{.id = {"w-1"}};
  for (int i = 0; i < count; ++i) worker.benchmarks.push_back({.name = "folder" + number(i)});
  return worker;
}

TEST(AnnouncementTest, WhatFitsIsAnnouncedAsItIs) {
  job::WorkerInfo worker = with_folders(job::kMaxBenchmarks);
  for (int i = 0; i < job::kMaxSplitIds; ++i) worker.benchmarks[0].split_ids.push_back(std::to_string(i));
  const Announcement announcement = announcement_of(worker);
  EXPECT_EQ(announcement.worker, worker);
  EXPECT_EQ(announcement.left_out, "");
}

TEST(AnnouncementTest, OfTooManyFoldersThoseWithASplitFileStay) {
  job::WorkerInfo worker = with_folders(job::kMaxBenchmarks + 5);
  worker.benchmarks.push_back({.name = "zebras", .split_ids = {"1"}});
  const Announcement announcement = announcement_of(worker);
  ASSERT_EQ(announcement.worker.benchmarks.size(), static_cast<std::size_t>(job::kMaxBenchmarks));
  EXPECT_EQ(announcement.worker.benchmarks.front().name, "folder00000");
  EXPECT_EQ(announcement.worker.benchmarks.back().name, "zebras");
  EXPECT_EQ(
      announcement.left_out,
      "6 of 1030 benchmark folders, folder01023, folder01024, folder01025, ... (does --benchmarks-root hold more than "
      "benchmarks? those with a split file come first)");
  std::reverse(worker.benchmarks.begin(), worker.benchmarks.end());
  EXPECT_EQ(announcement_of(worker).worker, announcement.worker) << "the order on disk means nothing";
}

TEST(AnnouncementTest, TooManySplitIdsLoseTheLast) {
  job::WorkerInfo worker = with_folders(1);
  for (int i = 0; i < job::kMaxSplitIds + 3; ++i) worker.benchmarks[0].split_ids.push_back("s" + std::to_string(i));
  const Announcement announcement = announcement_of(worker);
  EXPECT_EQ(announcement.worker.benchmarks[0].split_ids.back(), "s4095");
  EXPECT_EQ(announcement.left_out,
            "3 of 4099 split ids of folder00000, those after s4095 (spread them over several benchmarks)");
}

TEST(AnnouncementTest, ManyLongIdsStayBelowTheLimitOfBytes) {
  job::WorkerInfo worker = with_folders(40);
  for (auto& benchmark : worker.benchmarks) {
    for (int i = 0; i < 2000; ++i) benchmark.split_ids.push_back(number(i) + std::string(100, 'x'));
  }
  const Announcement announcement = announcement_of(worker);
  EXPECT_EQ(announcement.worker.benchmarks.size(), 18u);  // of 226 kB each
  EXPECT_EQ(announcement.left_out.find("22 of 40 benchmark folders, folder00018"), 0u) << announcement.left_out;
}

TEST(AnnouncementTest, WeightsAndHashesAreCutByNumberAndBytes) {
  job::WorkerInfo worker = with_folders(0);
  for (int i = 0; i < job::kMaxWeights + 2; ++i) worker.weights.push_back("w" + number(i));
  for (int i = 0; i < 16'000; ++i) worker.data["images of " + number(i)] = std::string(64, 'a');
  EXPECT_EQ(announcement_of(worker).left_out,
            "2 of 1026 files of weights, from w01024 on (does --weights-root hold more than initial weights?)");
  EXPECT_EQ(announcement_of(worker).worker.weights.size(), std::size_t{job::kMaxWeights});
  EXPECT_EQ(announcement_of(worker).worker.data, worker.data);

  worker.weights.clear();
  for (int i = 0; i < 16'000; ++i) worker.data["images of " + number(i) + std::string(400, 'x')] = std::string(64, 'a');
  const Announcement announcement = announcement_of(worker);
  EXPECT_LT(announcement.worker.data.size(), std::size_t{job::kMaxStamps});
  EXPECT_TRUE(announcement.worker.data.contains("images of 00000"));
  EXPECT_NE(announcement.left_out.find("of 32000 hashes of data"), std::string::npos) << announcement.left_out;
}

}  // namespace
}  // namespace oodml::worker
