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

/// The samples of the named classes, in that order; labels are positions in `class_names`.
/// `images_per_class` > 0 takes the first so many of each. Classes that are not on disk are all named in
/// the failure (kNotFound), as are classes without images.
Result<std::shared_ptr<const Dataset>> select_classes(const Benchmark& benchmark,
                                                      const std::vector<std::string>& class_names,
                                                      std::int64_t images_per_class);

/// Decodes every sample once and gives a dataset without those that fail, with their names and reasons.
/// For skip_unreadable_images.
struct Readable {
  std::shared_ptr<const Dataset> dataset;
  std::vector<std::string> skipped;
};
Result<Readable> drop_unreadable(std::shared_ptr<const Dataset> dataset, std::int64_t threads);

}  // namespace oodml::data
