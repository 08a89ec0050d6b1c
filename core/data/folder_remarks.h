#pragma once

#include <optional>
#include <string>
#include <vector>

#include "core/data/dataset.h"

namespace oodml::data {

/// What people are to know about the folder: files and empty class folders that were left out, counts with examples;
/// what is odd; numbers of classes or images that are not the published ones.
std::vector<std::string> remarks_on(const Benchmark& benchmark);

/// That classes of the set `set` have one image only: legal, but no query of it can succeed. Nothing where all have
/// more.
std::optional<std::string> remark_on_single_images(const std::string& set, const Dataset& dataset);

}  // namespace oodml::data
