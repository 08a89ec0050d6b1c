#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "core/base/result.h"
#include "core/split_creation/progression.h"
#include "core/splits/split_file.h"

namespace oodml::split_creation {

/// What the numbers of a progression stand for: class i, or in superclass mode all classes of superclass i.
using Members = std::vector<std::vector<std::string>>;
/// Class -> names of its images.
using Files = std::map<std::string, std::vector<std::string>>;

struct SplitOptions {
  std::uint64_t seed = 0;
  double train_share = 0.75;  ///< Of the training classes, in split_train; 1 or 0: no validation lists.
  std::vector<std::int64_t> shots = {2, 5, 10};
  std::int64_t episodes = 10;   ///< Of each number of shots; 0: none.
  bool sort_swap_lists = true;  ///< False: quirk S2 of the released program, lists in order of position.
};

struct MadeSplits {
  std::vector<splits::Split> splits;
  std::vector<std::string> notes;  ///< What was left out, and why.
};

/// Splits 1, 2, ... from the chosen entries, with validation lists and, where `files` has all test classes, episodes
/// (docs/splits.md#episodes). Their draws depend on the seed and the split's number alone. A number of shots is left
/// out of a split in which a class has fewer than shots + 2 images: two must be left for queries.
MadeSplits make_splits(const std::vector<Entry>& entries, const std::vector<std::size_t>& chosen,
                       const Members& members, const Files& files, const SplitOptions& options);

}  // namespace oodml::split_creation
