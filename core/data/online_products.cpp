#include <algorithm>
#include <charconv>
#include <map>
#include <optional>
#include <unordered_map>
#include <unordered_set>

#include "core/base/atomic_file.h"
#include "core/data/folder_listing.h"
#include "core/data/folder_source.h"
#include "core/data/layouts.h"
#include "core/base/printable.h"

namespace oodml::data {
namespace {

constexpr std::uint64_t kMaxInfoBytes = 64ULL << 20;
constexpr std::size_t kMaxPathBytes = 1024;

struct Record {
  std::int64_t class_id = 0;
  std::int64_t superclass_id = 0;
  std::string path;  ///< below images/
  std::string item;  ///< the class name
};

struct ProductClass {
  std::string item;
  std::int64_t superclass_id = 0;
  bool train = false;
  std::string first_seen;  ///< file:line
  std::vector<std::string> paths;
};

/// Everything the two info files say, checked as it comes in.
struct Products {
  std::map<std::int64_t, ProductClass> classes;  ///< by class id
  std::unordered_map<std::string, std::int64_t> id_of_item;
  std::unordered_set<std::string> paths;
};

std::optional<std::int64_t> positive(std::string_view text) {
  std::int64_t value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc() || end != text.data() + text.size() || value < 1 || value > INT32_MAX) return std::nullopt;
  return value;
}

/// Empty when `path` is <folder>/<file> and stays below images/.
std::string why_bad_path(std::string_view path) {
  if (path.empty()) return "the path is empty";
  if (path.size() > kMaxPathBytes) return "the path is longer than 1024 bytes";
  if (!is_printable(path)) return "the path has control or non-UTF-8 characters";
  if (path.front() == '/') return "the path is absolute; it is relative to images/";
  std::size_t parts = 0;
  for (std::size_t start = 0; start <= path.size(); ++parts) {
    const std::size_t end = std::min(path.find('/', start), path.size());
    const std::string_view part = path.substr(start, end - start);
    if (part.empty() || part == "." || part == "..") return "the path leaves its folder or has empty parts";
    start = end + 1;
  }
  return parts == 2 ? "" : "the path is not <category>/<file>";
}

/// "image_id class_id super_class_id path" with single spaces; the failure is the reason alone.
Result<Record> parse_record(std::string_view line) {
  std::vector<std::string_view> fields;
  for (std::size_t start = 0; start <= line.size() && fields.size() <= 4;) {
    const std::size_t end = std::min(line.find(' ', start), line.size());
    fields.push_back(line.substr(start, end - start));
    start = end + 1;
  }
  if (fields.size() != 4) return invalid_argument("wants image_id class_id super_class_id path, single spaces between");
  const auto image_id = positive(fields[0]), class_id = positive(fields[1]), superclass_id = positive(fields[2]);
  if (!image_id || !class_id || !superclass_id) return invalid_argument("ids are integers from 1 on");
  if (const std::string reason = why_bad_path(fields[3]); !reason.empty()) return invalid_argument(reason);

  const std::string_view file = fields[3].substr(fields[3].find('/') + 1);
  const std::size_t underscore = file.find('_');
  if (underscore == 0 || underscore == std::string_view::npos) return invalid_argument("the file is not <item>_<k>");
  return Record{*class_id, *superclass_id, std::string(fields[3]), std::string(file.substr(0, underscore))};
}

Status add_record(Products& products, Record record, bool train, const std::string& place) {
  const auto [entry, is_new] = products.classes.try_emplace(record.class_id);
  ProductClass& product = entry->second;
  const std::string id = "class " + std::to_string(record.class_id);
  if (is_new) {
    product = {record.item, record.superclass_id, train, place, {}};
    const auto [item, unused] = products.id_of_item.try_emplace(record.item, record.class_id);
    if (!unused) {
      return invalid_argument("item " + printable(record.item) + " belongs to class " + std::to_string(item->second) +
                              " and to " + id);
    }
  }
  if (product.superclass_id != record.superclass_id) {
    return invalid_argument(id + " is in superclass " + std::to_string(record.superclass_id) + " here and in " +
                            std::to_string(product.superclass_id) + " at " + product.first_seen);
  }
  if (product.item != record.item) {
    return invalid_argument(id + " has item " + printable(record.item) + " here and " + printable(product.item) +
                            " at " + product.first_seen);
  }
  if (product.train != train) return invalid_argument(id + " is in both info files, first at " + product.first_seen);
  if (!products.paths.insert(record.path).second) return invalid_argument("the path is there twice");
  product.paths.push_back(std::move(record.path));
  return {};
}

Status read_info_file(const std::filesystem::path& path, bool train, Products& products) {
  OODML_ASSIGN_OR_RETURN(const std::string text, read_file(path, kMaxInfoBytes));
  const std::string shown = printable(path.native(), 4096);
  std::string_view rest = text;
  for (std::int64_t number = 1; !rest.empty(); ++number) {
    const std::size_t end = std::min(rest.find('\n'), rest.size());
    std::string_view line = rest.substr(0, end);
    rest.remove_prefix(std::min(end + 1, rest.size()));
    if (line.ends_with('\r')) line.remove_suffix(1);
    const std::string place = shown + ":" + std::to_string(number);
    if (number == 1) {
      if (line.starts_with("image_id ")) continue;
      return invalid_argument(place + ": wants the header line image_id class_id super_class_id path");
    }
    Result<Record> record = parse_record(line);
    const Status status = record ? add_record(products, *std::move(record), train, place) : Status(record.error());
    if (!status.ok()) return failure(status.code(), place + ": " + status.message() + ": '" + printable(line) + "'");
  }
  return {};
}

/// Named files that are not there. Lists each category once instead of asking for every file.
std::vector<std::string> missing_files(const std::filesystem::path& root, const Products& products) {
  std::map<std::string, std::vector<std::string>> files_of;
  for (const auto& [id, product] : products.classes) {
    for (const std::string& path : product.paths) files_of[path.substr(0, path.find('/'))].push_back(path);
  }
  std::vector<std::string> missing;
  for (const auto& [category, paths] : files_of) {
    const Result<FolderListing> listing = list_folder(root / category);
    for (const std::string& path : paths) {
      const std::string_view file = std::string_view(path).substr(category.size() + 1);
      if (!listing || !std::ranges::binary_search(listing->files, file)) missing.push_back(path);
    }
  }
  return missing;
}

std::filesystem::path info_folder(const std::filesystem::path& folder) {
  std::error_code ignored;
  const bool beside = !std::filesystem::exists(folder / "Info_Files", ignored);
  return beside ? folder : folder / "Info_Files";
}

Benchmark to_benchmark(const std::filesystem::path& root, Products products) {
  Benchmark benchmark;
  std::vector<std::string> files;
  for (auto& [id, product] : products.classes) {
    ImageClass added{.name = product.item, .images = {}, .id = id};
    for (std::string& path : product.paths) {
      if (!has_image_extension(path)) {
        benchmark.skipped.push_back(path + ": not a .jpg, .jpeg or .png file");
        continue;
      }
      added.images.push_back(static_cast<std::int64_t>(files.size()));
      files.push_back(std::move(path));
    }
    (product.train ? benchmark.default_train : benchmark.default_test).push_back(product.item);
    benchmark.classes.push_back(std::move(added));
  }
  benchmark.source = std::make_shared<FolderSource>(root, std::move(files));
  return benchmark;
}

}  // namespace

Result<Benchmark> read_online_products(const std::filesystem::path& folder) {
  const std::filesystem::path info = info_folder(folder);
  Products products;
  OODML_RETURN_IF_ERROR(read_info_file(info / "Ebay_train.txt", true, products));
  OODML_RETURN_IF_ERROR(read_info_file(info / "Ebay_test.txt", false, products));
  const std::filesystem::path root = folder / "images";
  if (const auto missing = missing_files(root, products); !missing.empty()) {
    return not_found(std::to_string(missing.size()) + " of " + std::to_string(products.paths.size()) +
                     " files that the info files name are not below " + printable(root.native(), 4096) + ": " +
                     name_list(missing, 5));
  }
  return to_benchmark(root, std::move(products));
}

}  // namespace oodml::data
