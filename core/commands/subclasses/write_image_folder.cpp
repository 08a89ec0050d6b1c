#include <fmt/format.h>

#include <algorithm>
#include <fstream>
#include <system_error>

#include "core/base/image_files.h"
#include "core/base/printable.h"
#include "core/commands/subclasses/subclasses.h"
#include "core/images/encode_png.h"

namespace oodml::commands {
namespace {

namespace fs = std::filesystem;

Status check_names(const std::vector<Subclass>& subclasses) {
  for (const Subclass& subclass : subclasses) {
    const std::string_view hidden = why_left_out(subclass.name);
    if (hidden.empty() && is_printable(subclass.name) && subclass.name.find('/') == std::string::npos) continue;
    return invalid_argument("'" + printable(subclass.name) +
                            "' cannot name a class folder: it is hidden, has a slash, "
                            "or is not UTF-8 without control characters");
  }
  return {};
}

Status write_file(const fs::path& path, const std::string& bytes) {
  std::ofstream file(path, std::ios::binary);
  file.write(bytes.data(), static_cast<std::streamsize>(bytes.size()));
  file.close();
  if (file) return {};
  return failure(StatusCode::kUnavailable, path.string() + " cannot be written; is the disk full?");
}

Status write_subclass(const data::Dataset& dataset, const Subclass& subclass, const fs::path& folder) {
  std::error_code error;
  if (!fs::create_directories(folder, error) && error) {
    return failure(StatusCode::kPermissionDenied, folder.string() + " cannot be made: " + error.message());
  }
  for (const std::int64_t position : subclass.positions) {
    const auto& sample = dataset.samples[static_cast<std::size_t>(position)];
    OODML_ASSIGN_OR_RETURN(const images::Image image, dataset.source->load(sample.image));
    OODML_ASSIGN_OR_RETURN(const std::string bytes, images::encode_png(image));
    const auto& siblings = dataset.by_class[static_cast<std::size_t>(sample.label)];
    const auto number = std::ranges::lower_bound(siblings, position) - siblings.begin();
    OODML_RETURN_IF_ERROR(write_file(folder / fmt::format("{:06}.png", number), bytes));
  }
  return {};
}

}  // namespace

Status write_image_folder(const data::Dataset& dataset, const std::vector<Subclass>& subclasses, const fs::path& folder,
                          const ShowShare& progress) {
  OODML_RETURN_IF_ERROR(check_names(subclasses));
  if (fs::exists(folder)) {
    return failure(StatusCode::kAlreadyExists, folder.string() + " exists; name another folder, or remove it");
  }
  const fs::path unfinished = folder.string() + ".unfinished";
  std::error_code error;
  fs::remove_all(unfinished, error);
  for (std::size_t i = 0; i < subclasses.size(); ++i) {
    progress("writing " + folder.string(), static_cast<double>(i) / static_cast<double>(subclasses.size()));
    OODML_RETURN_IF_ERROR(write_subclass(dataset, subclasses[i], unfinished / subclasses[i].name));
  }
  fs::rename(unfinished, folder, error);
  if (!error) return {};
  return failure(StatusCode::kUnavailable,
                 unfinished.string() + " cannot become " + folder.string() + ": " + error.message());
}

}  // namespace oodml::commands
