#pragma once

#include <cstdint>
#include <deque>
#include <vector>

#include "core/split_creation/split_geometry.h"

namespace oodml::split_creation {

/// One set of a split by position: whose mean stands there, and whose name. They are the same class but under the
/// reference's misalignment S3.
struct Side {
  std::vector<std::int64_t> features, names;
};
struct Sides {
  Side train, test;
};

/// One run's length and pace (docs/splits.md#swapping).
struct RunOptions {
  std::int64_t iterations = 0;  ///< N; 0: no such run.
  std::int64_t swaps = 2;       ///< S, per iteration; at most the classes of the smaller set.
  std::int64_t history = 5;     ///< H, positions that stay blocked; fewer than the classes of the smaller set.
};

enum class Direction {
  kAway,     ///< Exchanges the classes that are nearest to the other set: FID grows.
  kTogether  ///< Those farthest from it: FID falls.
};

/// The exchanges of one run. It remembers positions, not classes: a position is blocked although another class stands
/// there now (docs/splits.md#swapping and #removal, quirk S5).
class Swaps {
 public:
  Swaps(const RunOptions& options, Direction direction) : options_(options), direction_(direction) {}

  /// Positions that were exchanged, pair by pair; one may occur more than once.
  struct Chosen {
    std::vector<std::int64_t> train, test;
  };
  /// One iteration: S pairs are chosen by the distances to the two means of `geometry`, which must stand at the
  /// features of `sides` and are not renewed between the pairs.
  Chosen exchange(Sides& sides, const SplitGeometry& geometry);

 private:
  /// The last H positions of one side.
  class Recent {
   public:
    bool has(std::int64_t position) const;
    void add(std::int64_t position, std::int64_t history);

   private:
    std::deque<std::int64_t> positions_;
  };
  struct Pair {
    std::int64_t train = -1, test = -1;
  };

  void choose(std::size_t rank, const std::vector<std::int64_t>& train_order,
              const std::vector<std::int64_t>& test_order, Pair& pair);

  RunOptions options_;
  Direction direction_;
  Recent recent_train_, recent_test_;
};

}  // namespace oodml::split_creation
