#pragma once

#include <filesystem>
#include <memory>
#include <string>
#include <vector>

#include "core/base/result.h"
#include "core/data/dataset.h"
#include "core/data/folder_listing.h"

namespace oodml::data {

/// Reads the folder <benchmarks root>/<name> in the given layout: cub200, cars196, online_products,
/// image_folder, idx (docs/data.md#layouts). Class folders without images are no classes. kNotFound names the folder
/// and what the layout expects in it. `lister` may remember what folders hold.
Result<std::shared_ptr<const Benchmark>> open_benchmark(const std::string& name, const std::string& layout,
                                                        const std::filesystem::path& folder, FolderLister& lister);
Result<std::shared_ptr<const Benchmark>> open_benchmark(const std::string& name, const std::string& layout,
                                                        const std::filesystem::path& folder);

}  // namespace oodml::data
