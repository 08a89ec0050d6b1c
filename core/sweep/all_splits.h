#pragma once

#include <string>
#include <vector>

#include "core/sweep/sweep.h"
#include "core/sweep/sweep_document.h"

namespace oodml::sweep {

/// What `split: all` stands for in a block: the ids of these benchmarks, of each split file that is named.
struct AllSplits {
  std::vector<std::string> benchmarks;
  std::vector<std::string> files;
  const SplitIds& ids;  ///< Of benchmarks that the catalogue does not know; may be empty.
};

/// Of the block written as `map`, with what the document and the block say for all trials.
AllSplits all_splits_of(const Node& map, const Block& block, const SweepDocument& document, const SplitIds& ids);

/// The maps of axes that `zip:` pairs: one, or a list of them.
std::vector<const Node*> zip_groups(const Node& zip);

}  // namespace oodml::sweep
