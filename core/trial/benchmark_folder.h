#pragma once

#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "core/base/result.h"
#include "core/data/dataset.h"

namespace oodml::trial {

/// Where what is known of this machine's disks is kept between runs: $OODML_CACHE, else $XDG_CACHE_HOME/oodml or
/// ~/.cache/oodml. Empty: nothing is remembered.
std::filesystem::path cache_folder();

/// Where a benchmark lies: <root>/<name>, or `root` itself where that is not there and images/ is.
std::filesystem::path benchmark_folder(const std::filesystem::path& root, const std::string& name);

/// open_benchmark with what large folders hold remembered between runs, below cache_folder(). Where that cannot be
/// written folders are listed each time.
Result<std::shared_ptr<const data::Benchmark>> open_remembered(const std::string& name, const std::string& layout,
                                                               const std::filesystem::path& folder);

/// What people are to know about the folder: files and empty class folders that were left out, counts with examples;
/// what is odd; numbers of classes or images that are not the published ones.
std::vector<std::string> remarks_on(const data::Benchmark& benchmark);

/// That classes of the set `set` have one image only: legal, but no query of it can succeed. Nothing where all have
/// more.
std::optional<std::string> remark_on_single_images(const std::string& set, const data::Dataset& dataset);

}  // namespace oodml::trial
