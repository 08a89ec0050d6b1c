#include "core/data/benchmark.h"

#include <array>

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
    {"image_folder", "<class>/* or images/<class>/*, images as .jpg, .jpeg or .png", SampleCut::kSpread,
     read_image_folder},
    {"idx", "train-images-idx3-ubyte[.gz] and train-labels-idx1-ubyte[.gz]", SampleCut::kSpread, read_idx},
}};

/// The first half of the classes trains, the rest is for testing (docs/data.md#default-split).
void apply_half_rule(Benchmark& benchmark) {
  if (!benchmark.default_train.empty() || !benchmark.default_test.empty()) return;
  for (std::size_t i = 0; i < benchmark.classes.size(); ++i) {
    const bool trains = i < benchmark.classes.size() / 2;
    (trains ? benchmark.default_train : benchmark.default_test).push_back(benchmark.classes[i].name);
  }
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
  if (!std::filesystem::is_directory(folder, ignored)) return not_found(where + ": no such folder" + expects);

  Result<Benchmark> read = known->read(folder, lister);
  if (!read) {
    const bool missing = read.error().code() == StatusCode::kNotFound;
    return failure(read.error().code(), where + ": " + read.error().message() + (missing ? expects : ""));
  }
  if (read->classes.empty()) return not_found(where + ": no classes" + expects);
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
