#pragma once

#include <string>
#include <vector>

#include "core/data/dataset.h"

namespace oodml::data {

/// In what a benchmark of a published name has other numbers of classes or images than the published one
/// (docs/data.md#layouts), over all or in the halves of its default rule; empty when it has none, or no published name.
std::vector<std::string> unusual_counts(const Benchmark& benchmark);

}  // namespace oodml::data
