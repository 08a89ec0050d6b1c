#pragma once

#include <ATen/Parallel.h>

#include <cstdint>

#include "core/base/one_math_thread.h"

namespace oodml::split_creation {

/// Calls `work`, which decomposes matrices of at most `size` rows and columns; on one thread when that is small. Such a
/// decomposition meets at thousands of barriers, which on a busy machine take a hundred times longer than the work
/// between them.
template <typename Work>
void decompose(std::int64_t size, Work work) {
  constexpr std::int64_t kSmall = 512;
  if (size > kSmall) return work();
  at::parallel_for(0, 2, /*grain_size=*/1, [&](std::int64_t first, std::int64_t) {
    if (first != 0) return;
    const OneMathThread one_thread;
    work();
  });
}

}  // namespace oodml::split_creation
