#pragma once

#include <gtest/gtest.h>

#include <barrier>
#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <thread>
#include <vector>

#include "core/collective/process_group.h"
#include "tests/support/process.h"
#include "tests/support/temporary_folder.h"

namespace oodml::collective {

/// Runs `body` once a rank, each on a thread of its own, as members of one group over Gloo.
inline void in_ranks(std::int64_t size, const std::function<void(const std::shared_ptr<Collective>&)>& body,
                     std::chrono::milliseconds patience = std::chrono::minutes(1)) {
  const testing::TemporaryFolder folder;
  std::barrier all_met(size);  // who leaves at once would close what the others are still connecting
  const auto run = [&](std::int64_t rank) {
    const auto joined = join({rank, size, folder / "meeting", patience}, torch::kCPU);
    all_met.arrive_and_wait();
    ASSERT_TRUE(joined.has_value()) << joined.error().message();
    body(*joined);
  };
  std::vector<std::thread> threads;
  for (std::int64_t rank = 0; rank < size; ++rank) threads.emplace_back(run, rank);
  for (std::thread& thread : threads) thread.join();
}

}  // namespace oodml::collective
