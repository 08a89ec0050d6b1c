#pragma once

#include <ATen/Parallel.h>

#include <atomic>
#include <cstdint>

namespace oodml::metrics {

/// Calls task(0), ..., task(count - 1), each once, from several threads; the first ones first.
template <typename Task>
void share_out(std::int64_t count, const Task& task) {
  std::atomic<std::int64_t> next = 0;
  at::parallel_for(0, at::get_num_threads(), /*grain_size=*/1, [&](std::int64_t, std::int64_t) {
    for (std::int64_t i = next++; i < count; i = next++) task(i);
  });
}

}  // namespace oodml::metrics
