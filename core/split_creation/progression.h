#pragma once

#include <torch/types.h>

#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "core/base/result.h"
#include "core/split_creation/swaps.h"

namespace oodml::split_creation {

/// A split that a run passed through.
struct Entry {
  enum class Run { kInverse, kForward, kRemoval };

  Run run = Run::kForward;
  std::int64_t swaps = 0;                 ///< Pairs exchanged since the run's start.
  std::vector<std::int64_t> train, test;  ///< Classes by number, by position.
  double fid = 0;

  /// As docs/splits.md#keys writes it: 6 after six pairs, -6 in the inverse run, R6 in the run that removes classes.
  std::string key() const;
};

/// forward, inverse, removal
const char* to_text(Entry::Run run);

struct ProgressionOptions {
  FidForm form = FidForm::kCheap;
  RunOptions forward{25, 2, 5};
  RunOptions removal{35, 2, 5};   ///< Goes on where the forward run ended; needs one.
  RunOptions inverse{15, 2, 30};  ///< Starts from the given split again.
  /// Quirk S3 of the released program: the removal run takes the means after the last exchange, but the names recorded
  /// before it.
  bool stale_removal_names = false;
};

struct Progression {
  /// The inverse run from its end (without its start, which is that of the forward run), then forward, then removal.
  std::vector<Entry> entries;
  std::vector<std::string> notes;  ///< What a person should know, as a run that ended early.
};

/// `what` goes on and `share` of it is done.
using ShowProgress = std::function<void(std::string_view what, double share)>;

/// Splits of growing and falling distance from a given one. Deterministic: nothing is drawn.
///
/// class_means [C, D]; train and test: class numbers in order of the class names, at least two each, none twice.
/// kInvalidArgument when sets are too small for S or H of a run, or there is nothing to do.
/// O(N (C D + one FID)) and memory O(C D). Source: docs/splits.md#swapping and #removal.
Result<Progression> shift_split(const torch::Tensor& class_means, const std::vector<std::int64_t>& train,
                                const std::vector<std::int64_t>& test, const ProgressionOptions& options,
                                const ShowProgress& progress);

}  // namespace oodml::split_creation
