#include <algorithm>
#include <map>
#include <unordered_set>

#include "core/base/atomic_file.h"
#include "core/base/image_files.h"
#include "core/base/printable.h"
#include "core/data/folder_source.h"
#include "core/data/layouts.h"
#include "core/data/product_info.h"

namespace oodml::data {
namespace {

constexpr std::uint64_t kMaxInfoBytes = 64ULL << 20;

Status read_info_file(const std::filesystem::path& path, bool train, Products& products) {
  OODML_ASSIGN_OR_RETURN(const std::string text, read_file(path, kMaxInfoBytes));
  return add_product_info(text, printable(path.native(), 4096), train, products);
}

/// What images/ and the info files say of each other.
struct Differences {
  std::vector<std::string> missing;  ///< Named, but not there.
  std::vector<std::string> unnamed;  ///< Images that no info file names.
};

/// Lists each category once instead of asking for every file.
Differences compare(const std::filesystem::path& root, const Products& products, FolderLister& lister) {
  std::map<std::string, std::vector<const std::string*>> paths_of;
  for (const auto& [id, product] : products.classes) {
    for (const std::string& path : product.paths) paths_of[product.folder].push_back(&path);
  }
  Differences differences;
  for (const auto& [category, paths] : paths_of) {
    const Result<FolderListing> listing = lister.list(root / category);
    const std::vector<std::string> files = listing ? listing->files : std::vector<std::string>();
    for (const std::string* path : paths) {
      const auto file = std::string_view(*path).substr(category.size() + 1);
      if (!std::ranges::binary_search(files, file)) differences.missing.push_back(*path);
    }
    for (const std::string& file : files) {
      std::string path = category + "/" + file;
      if (has_image_extension(file) && !products.paths.contains(path)) differences.unnamed.push_back(std::move(path));
    }
  }
  return differences;
}

/// The projects look below Info_Files/, the official archive has the files at its root.
std::filesystem::path info_folder(const std::filesystem::path& folder) {
  std::error_code ignored;
  const bool below = std::filesystem::exists(folder / "Info_Files" / "Ebay_train.txt", ignored);
  return below || !std::filesystem::exists(folder / "Ebay_train.txt", ignored) ? folder / "Info_Files" : folder;
}

/// The official archive keeps the categories beside the info files, the projects below images/.
std::filesystem::path image_root(const std::filesystem::path& folder) {
  std::error_code ignored;
  return std::filesystem::is_directory(folder / "images", ignored) ? folder / "images" : folder;
}

Benchmark to_benchmark(const std::filesystem::path& root, Products products) {
  Benchmark benchmark;
  std::vector<std::string> files;
  for (auto& [id, product] : products.classes) {
    ImageClass added{.name = product.item, .images = {}, .id = id, .superclass = product.superclass};
    for (std::string& path : product.paths) {
      if (!has_image_extension(path)) {
        benchmark.skipped.push_back(path + ": not a " + std::string(kImageExtensions) + " file");
        continue;
      }
      added.images.push_back(static_cast<std::int64_t>(files.size()));
      files.push_back(std::move(path));
    }
    (product.train ? benchmark.default_train : benchmark.default_test).push_back(product.item);
    benchmark.classes.push_back(std::move(added));
  }
  benchmark.superclasses = std::move(products.superclasses);
  benchmark.notes = std::move(products.notes);
  benchmark.source = std::make_shared<FolderSource>(root, std::move(files));
  return benchmark;
}

}  // namespace

Result<Benchmark> read_online_products(const std::filesystem::path& folder, FolderLister& lister) {
  const std::filesystem::path info = info_folder(folder);
  Products products;
  OODML_RETURN_IF_ERROR(read_info_file(info / "Ebay_train.txt", true, products));
  OODML_RETURN_IF_ERROR(read_info_file(info / "Ebay_test.txt", false, products));
  const std::filesystem::path root = image_root(folder);
  const Differences differences = compare(root, products, lister);
  if (!differences.missing.empty()) {
    return not_found(std::to_string(differences.missing.size()) + " of " + std::to_string(products.paths.size()) +
                     " files that the info files name are not below " + printable(root.native(), 4096) + ": " +
                     name_list(differences.missing, 5));
  }
  Benchmark benchmark = to_benchmark(root, std::move(products));
  for (const std::string& path : differences.unnamed) {
    benchmark.skipped.push_back(printable(path) + ": not in the info files");
  }
  return benchmark;
}

}  // namespace oodml::data
