#include <algorithm>
#include <map>
#include <set>

#include "core/base/atomic_file.h"
#include "core/base/printable.h"
#include "core/data/idx_file.h"
#include "core/data/layouts.h"
#include "core/images/decode.h"

namespace oodml::data {
namespace {

constexpr std::uint64_t kMaxNamesBytes = 1 << 20;

/// The images of one archive, grey, row-major.
struct Part {
  std::string name;
  std::int64_t first = 0;  ///< index of its first image in the source
  std::int64_t count = 0, height = 0, width = 0;
  std::vector<std::uint8_t> levels;
};

class IdxSource final : public ImageSource {
 public:
  explicit IdxSource(std::vector<Part> parts) : parts_(std::move(parts)) {}

  Result<images::Image> load(std::int64_t index) const override {
    const Part& part = part_of(index);
    const auto size = static_cast<std::size_t>(part.width * part.height);
    const std::uint8_t* grey = part.levels.data() + static_cast<std::size_t>(index - part.first) * size;
    images::Image image{.width = part.width, .height = part.height, .pixels = std::vector<std::uint8_t>(3 * size)};
    std::uint8_t* pixel = image.pixels.data();
    for (std::size_t i = 0; i < size; ++i, pixel += 3) pixel[0] = pixel[1] = pixel[2] = grey[i];
    return image;
  }

  std::string name(std::int64_t index) const override {
    const Part& part = part_of(index);
    return part.name + "[" + std::to_string(index - part.first) + "]";
  }

 private:
  const Part& part_of(std::int64_t index) const {
    std::size_t i = 0;
    while (index >= parts_[i].first + parts_[i].count) ++i;
    return parts_[i];
  }

  std::vector<Part> parts_;
};

/// The archive <folder>/<content>-<kind>, as in train-images-idx3-ubyte, or with a dot before the kind as some publish
/// it, or gzipped, or in a folder of its own name as some unpack it; empty when none is there.
std::filesystem::path archive(const std::filesystem::path& folder, const std::string& content,
                              const std::string& kind) {
  std::error_code ignored;
  for (const char* separator : {"-", "."}) {
    const std::string name = content + separator + kind;
    for (const std::string& file : {name, name + ".gz", name + "/" + name}) {
      if (std::filesystem::exists(folder / file, ignored) && !std::filesystem::is_directory(folder / file, ignored)) {
        return folder / file;
      }
    }
  }
  return {};
}

std::filesystem::path images_of(const std::filesystem::path& folder, const std::string& prefix) {
  return archive(folder, prefix + "-images", "idx3-ubyte");
}

std::filesystem::path labels_of(const std::filesystem::path& folder, const std::string& prefix) {
  return archive(folder, prefix + "-labels", "idx1-ubyte");
}

using ImagesOfLabel = std::map<std::uint8_t, std::vector<std::int64_t>>;

/// Adds <prefix>-images and <prefix>-labels.
Status add_part(const std::filesystem::path& folder, const std::string& prefix, std::vector<Part>& parts,
                ImagesOfLabel& images) {
  const auto images_path = images_of(folder, prefix), labels_path = labels_of(folder, prefix);
  if (images_path.empty() || labels_path.empty()) {
    return not_found("no " + prefix + (images_path.empty() ? "-images-idx3-ubyte[.gz]" : "-labels-idx1-ubyte[.gz]"));
  }
  OODML_ASSIGN_OR_RETURN(IdxFile pixels, read_idx_file(images_path, 3));
  OODML_ASSIGN_OR_RETURN(const IdxFile labels, read_idx_file(labels_path, 1));
  const std::string name = printable(images_path.native(), 4096);
  if (pixels.shape[0] != labels.shape[0]) {
    return failure(StatusCode::kDataLoss, name + ": " + std::to_string(pixels.shape[0]) + " images, but " +
                                              std::to_string(labels.shape[0]) + " labels in " +
                                              printable(labels_path.native(), 4096));
  }
  if (pixels.shape[0] > 0) {
    OODML_RETURN_IF_ERROR(images::check_image_size(static_cast<std::uint64_t>(pixels.shape[2]),
                                                   static_cast<std::uint64_t>(pixels.shape[1]), name));
  }
  const std::int64_t first = parts.empty() ? 0 : parts.back().first + parts.back().count;
  for (std::size_t i = 0; i < labels.values.size(); ++i) {
    images[labels.values[i]].push_back(first + static_cast<std::int64_t>(i));
  }
  parts.push_back({.name = images_path.filename().native(),
                   .first = first,
                   .count = pixels.shape[0],
                   .height = pixels.shape[1],
                   .width = pixels.shape[2],
                   .levels = std::move(pixels.values)});
  return {};
}

/// The lines of classes.txt, or the labels 0..255 in digits when it is not there.
Result<std::vector<std::string>> read_class_names(const std::filesystem::path& folder) {
  const std::filesystem::path path = folder / "classes.txt";
  std::error_code ignored;
  std::vector<std::string> names;
  if (!std::filesystem::exists(path, ignored)) {
    for (int label = 0; label < 256; ++label) names.push_back(std::to_string(label));
    return names;
  }
  OODML_ASSIGN_OR_RETURN(const std::string text, read_file(path, kMaxNamesBytes));
  std::set<std::string> seen;
  for (std::string_view rest = text; !rest.empty();) {
    const std::size_t end = std::min(rest.find('\n'), rest.size());
    std::string name(rest.substr(0, end));
    rest.remove_prefix(std::min(end + 1, rest.size()));
    if (name.ends_with('\r')) name.pop_back();
    if (name.empty() || !is_printable(name) || !seen.insert(name).second) {
      return invalid_argument(printable(path.native(), 4096) + ":" + std::to_string(names.size() + 1) + ": '" +
                              printable(name) + "'; each line is one class name in UTF-8, all different");
    }
    names.push_back(std::move(name));
  }
  return names;
}

}  // namespace

Result<Benchmark> read_idx(const std::filesystem::path& folder, FolderLister& /*lister*/) {
  std::vector<Part> parts;
  ImagesOfLabel images;
  OODML_RETURN_IF_ERROR(add_part(folder, "train", parts, images));
  const bool second = !images_of(folder, "t10k").empty() || !labels_of(folder, "t10k").empty();
  if (second) OODML_RETURN_IF_ERROR(add_part(folder, "t10k", parts, images));

  OODML_ASSIGN_OR_RETURN(const std::vector<std::string> names, read_class_names(folder));
  Benchmark benchmark;
  for (auto& [label, indices] : images) {
    if (label >= names.size()) {
      return invalid_argument(printable((folder / "classes.txt").native(), 4096) + ": " + std::to_string(names.size()) +
                              " class names, but the images have label " + std::to_string(label));
    }
    benchmark.classes.push_back({.name = names[label], .images = std::move(indices)});
  }
  benchmark.source = std::make_shared<IdxSource>(std::move(parts));
  return benchmark;
}

}  // namespace oodml::data
