#include "core/data/benchmark.h"

#include <array>
#include <set>

#include "core/base/foreign_file.h"
#include "core/base/image_files.h"
#include "core/base/printable.h"
#include "core/data/layouts.h"

namespace oodml::data {
namespace {

struct Layout {
  std::string_view name;
  std::string_view expects;
  SampleCut sample_cut;
  Result<Benchmark> (*read)(const std::filesystem::path& folder, FolderLister& lister);
};

constexpr std::array<Layout, 5> kLayouts = {{
    {"cub200", "images/<number>.<Name>/*.jpg", SampleCut::kSpread, read_cub200},
    {"cars196", "images/<Class name>/*.jpg", SampleCut::kDrawn, read_cars196},
    {"online_products", "Info_Files/Ebay_train.txt, Info_Files/Ebay_test.txt and images/<category>_final/*.JPG",
     SampleCut::kFirst, read_online_products},
    {"image_folder", "<class>/* or images/<class>/*, images as .jpg, .jpeg, .png or .webp", SampleCut::kSpread,
     read_image_folder},
    {"idx", "train-images-idx3-ubyte[.gz] and train-labels-idx1-ubyte[.gz], or with dots: train-images.idx3-ubyte",
     SampleCut::kSpread, read_idx},
}};

/// The first half of the classes trains, the rest is for testing (docs/data.md#default-split).
void apply_half_rule(Benchmark& benchmark) {
  if (!benchmark.default_train.empty() || !benchmark.default_test.empty()) return;
  for (std::size_t i = 0; i < benchmark.classes.size(); ++i) {
    const bool trains = i < benchmark.classes.size() / 2;
    (trains ? benchmark.default_train : benchmark.default_test).push_back(benchmark.classes[i].name);
  }
}

/// Leaves out classes that nothing can be learned of or asked: by the default rule they would fail every trial.
void drop_empty_classes(Benchmark& benchmark) {
  for (const ImageClass& known : benchmark.classes) {
    if (known.images.empty()) benchmark.empty_classes.push_back(known.name);
  }
  if (benchmark.empty_classes.empty()) return;
  std::erase_if(benchmark.classes, [](const ImageClass& known) { return known.images.empty(); });
  const std::set<std::string_view> empty(benchmark.empty_classes.begin(), benchmark.empty_classes.end());
  for (auto* names : {&benchmark.default_train, &benchmark.default_test}) {
    std::erase_if(*names, [&](const std::string& name) { return empty.contains(name); });
  }
}

/// Why a folder has no class with an image in it.
std::string why_no_classes(const Benchmark& benchmark) {
  std::string reason = "no classes";
  if (const auto empty = benchmark.empty_classes.size(); empty > 0) {
    reason = "no images in its " + std::to_string(empty) + " class folders";
  }
  if (benchmark.skipped.empty()) return reason;
  return reason + "; " + std::to_string(benchmark.skipped.size()) +
         " files were not taken: " + name_list(benchmark.skipped, 3);
}

/// People unpack an archive into the folder that is to hold what is in it. Says where one layer deeper there is what
/// every layout of folders begins with.
std::string deeper_place(const std::filesystem::path& folder, FolderLister& lister) {
  const Result<FolderListing> listing = lister.list(folder);
  if (!listing) return "";
  for (const std::string& inner : listing->folders) {
    if (!why_left_out(inner).empty()) continue;
    for (const char* begin : {"images", "Ebay_train.txt", "Info_Files"}) {
      std::error_code ignored;
      if (!std::filesystem::exists(folder / inner / begin, ignored)) continue;
      return "; " + printable(inner) + "/" + begin + " is there, one folder too deep";
    }
  }
  return "";
}

Result<const Layout*> find_layout(const std::string& name) {
  std::string known;
  for (const Layout& layout : kLayouts) {
    if (layout.name == name) return &layout;
    known += (known.empty() ? "" : ", ") + std::string(layout.name);
  }
  return invalid_argument("unknown layout '" + printable(name) + "'; known: " + known);
}

}  // namespace

Result<std::shared_ptr<const Benchmark>> open_benchmark(const std::string& name, const std::string& layout,
                                                        const std::filesystem::path& folder, FolderLister& lister) {
  OODML_ASSIGN_OR_RETURN(const Layout* const known, find_layout(layout));
  const std::string where = "benchmark " + printable(name) + " in " + printable(folder.native(), 4096);
  const std::string expects = "; layout " + layout + " expects " + std::string(known->expects);
  std::error_code ignored;
  if (!std::filesystem::is_directory(folder, ignored)) {
    const std::string_view kind = foreign_kind_of_file(folder);
    return not_found(where + ": " + (kind.empty() ? "no such folder" : "is " + std::string(kind) + ", not a folder") +
                     expects);
  }

  Result<Benchmark> read = known->read(folder, lister);
  if (!read) {
    const bool missing = read.error().code() == StatusCode::kNotFound;
    const std::string hint = missing ? expects + deeper_place(folder, lister) : "";
    return failure(read.error().code(), where + ": " + read.error().message() + hint);
  }
  drop_empty_classes(*read);
  if (read->classes.empty()) return not_found(where + ": " + why_no_classes(*read) + expects);
  read->name = name;
  read->sample_cut = known->sample_cut;
  apply_half_rule(*read);
  return std::make_shared<const Benchmark>(*std::move(read));
}

Result<std::shared_ptr<const Benchmark>> open_benchmark(const std::string& name, const std::string& layout,
                                                        const std::filesystem::path& folder) {
  FolderLister plain;
  return open_benchmark(name, layout, folder, plain);
}

}  // namespace oodml::data
