#pragma once

#include <ATen/Parallel.h>

#include <algorithm>
#include <atomic>
#include <functional>
#include <mutex>
#include <utility>
#include <vector>

#include "core/products/near_tile.h"

namespace oodml::metrics {

/// The pairs of blocks of a set's rows, each once: work on a set with itself that threads share out.
class BlockPairs {
 public:
  explicit BlockPairs(std::int64_t n)
      : n_(n), rows_(rows_of_block(n)), blocks_((n + rows_ - 1) / rows_), guards_(static_cast<std::size_t>(blocks_)) {
    // By their distance from the diagonal: threads seldom meet in a block.
    for (std::int64_t off = 0; off < blocks_; ++off) {
      for (std::int64_t b = 0; b + off < blocks_; ++b) pairs_.emplace_back(b, b + off);
    }
  }

  products::RowRange block(std::int64_t b) const { return {b * rows_, std::min((b + 1) * rows_, n_)}; }
  /// Of what is known of the rows of a block.
  std::mutex& guard(std::int64_t b) { return guards_[static_cast<std::size_t>(b)]; }
  std::int64_t workers() const { return at::get_num_threads(); }

  /// Calls body(worker, a, b), a <= b, from several threads; calls of one worker, in [0, workers()), go one after the
  /// other. Between some of them go_on (may be empty) is asked with the share done: false ends it, and is returned.
  template <typename Body>
  bool for_each(const std::function<bool(double share)>& go_on, const Body& body) const {
    const std::int64_t count = std::ssize(pairs_), group = std::max(8 * workers(), count / 64);
    for (std::int64_t begin = 0; begin < count; begin += group) {
      if (go_on && !go_on(static_cast<double>(begin) / static_cast<double>(count))) return false;
      std::atomic<std::int64_t> next = begin;
      at::parallel_for(0, workers(), 1, [&](std::int64_t first, std::int64_t last) {
        for (std::int64_t worker = first; worker < last; ++worker) {
          for (std::int64_t at = next++; at < std::min(begin + group, count); at = next++) {
            body(worker, pairs_[at].first, pairs_[at].second);
          }
        }
      });
    }
    return true;
  }

 private:
  /// Enough that tiles are multiplied fast, and few enough that there are tiles for every thread.
  static std::int64_t rows_of_block(std::int64_t n) {
    const std::int64_t panels = n / (4 * at::get_num_threads()) / products::kPanelRows + 1;
    return std::min(panels * products::kPanelRows, products::NearTile::kMostRows);
  }

  std::int64_t n_, rows_, blocks_;
  std::vector<std::mutex> guards_;
  std::vector<std::pair<std::int64_t, std::int64_t>> pairs_;
};

/// Calls body(first, last) for rows [0, n), in parts of whole panels.
template <typename Body>
void for_panels(std::int64_t n, const Body& body) {
  constexpr std::int64_t kRows = products::kPanelRows;
  at::parallel_for(0, (n + kRows - 1) / kRows, 1,
                   [&](std::int64_t first, std::int64_t last) { body(first * kRows, std::min(last * kRows, n)); });
}

}  // namespace oodml::metrics
