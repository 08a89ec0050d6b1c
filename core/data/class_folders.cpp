#include <algorithm>
#include <charconv>
#include <optional>

#include "core/base/image_files.h"
#include "core/base/printable.h"
#include "core/data/folder_listing.h"
#include "core/data/folder_source.h"
#include "core/data/layouts.h"

namespace oodml::data {
namespace {

/// Collects the images of class folders below `root`.
class ClassFolders {
 public:
  ClassFolders(std::filesystem::path root, FolderLister& lister) : root_(std::move(root)), lister_(lister) {}

  void skip(const std::string& name, std::string_view reason) {
    benchmark_.skipped.push_back(printable((root_ / name).native(), 4096) + ": " + std::string(reason));
  }

  Status add_class(const std::string& folder) {
    if (!is_printable(folder)) {
      return invalid_argument("class folder " + printable((root_ / folder).native(), 4096) +
                              ": class names are UTF-8 without control characters");
    }
    OODML_ASSIGN_OR_RETURN(const FolderListing listing, lister_.list(root_ / folder));
    ImageClass added{.name = folder, .images = {}};
    for (const std::string& file : listing.files) {
      const std::string relative = folder + "/" + file;
      if (const std::string_view reason = why_left_out(file); !reason.empty()) {
        skip(relative, reason);
      } else if (!has_image_extension(file)) {
        skip(relative, "not a " + std::string(kImageExtensions) + " file");
      } else {
        added.images.push_back(static_cast<std::int64_t>(files_.size()));
        files_.push_back(relative);
      }
    }
    for (const std::string& inner : listing.folders) {
      const std::string_view reason = why_left_out(inner);
      skip(folder + "/" + inner, reason.empty() ? "a folder inside a class" : reason);
    }
    for (const std::string& other : listing.others) skip(folder + "/" + other, "neither a file nor a folder");
    benchmark_.classes.push_back(std::move(added));
    return {};
  }

  Benchmark finish() {
    benchmark_.source = std::make_shared<FolderSource>(root_, std::move(files_));
    return std::move(benchmark_);
  }

 private:
  std::filesystem::path root_;
  FolderLister& lister_;
  std::vector<std::string> files_;
  Benchmark benchmark_;
};

/// The archive of CARS196 says in a MATLAB file which class an image of car_ims/ has. No reader of such files was found
/// that damaged ones do not crash, so they are taken apart once, outside of this program.
constexpr std::string_view kCarsConversion =
    "no images/. From car_ims/ and cars_annos.mat, run once in this folder (needs SciPy; makes hard links): "
    "python3 -c \"import os; from scipy.io import loadmat; m = loadmat('cars_annos.mat', squeeze_me=True); "
    "[(os.makedirs(d, exist_ok=True), "
    "os.link(a['relative_im_path'], d + '/' + os.path.basename(a['relative_im_path']))) "
    "for a in m['annotations'] for d in ['images/' + m['class_names'][a['class'] - 1].replace('/', '-')]]\"";

/// The integer before the first dot of 001.Black_footed_Albatross.
std::optional<std::int64_t> cub_number(std::string_view folder) {
  const std::size_t dot = folder.find('.');
  if (dot == 0 || dot == std::string_view::npos || dot > 9) return std::nullopt;
  std::int64_t number = 0;
  const auto [end, error] = std::from_chars(folder.data(), folder.data() + dot, number);
  if (error != std::errc() || end != folder.data() + dot) return std::nullopt;
  return number;
}

/// The visible folders of `listing`, in order; the others are skipped with a reason.
std::vector<std::string> visible_folders(const FolderListing& listing, ClassFolders& classes) {
  std::vector<std::string> visible;
  for (const std::string& folder : listing.folders) {
    if (const std::string_view reason = why_left_out(folder); !reason.empty()) {
      classes.skip(folder, reason);
    } else {
      visible.push_back(folder);
    }
  }
  for (const std::string& file : listing.files) {
    if (has_image_extension(file)) classes.skip(file, "an image outside the class folders");
  }
  return visible;
}

Result<Benchmark> read_sorted(const std::filesystem::path& root, FolderLister& lister) {
  OODML_ASSIGN_OR_RETURN(const FolderListing listing, lister.list(root));
  ClassFolders classes(root, lister);
  for (const std::string& folder : visible_folders(listing, classes)) {
    OODML_RETURN_IF_ERROR(classes.add_class(folder));
  }
  return classes.finish();
}

}  // namespace

Result<Benchmark> read_cub200(const std::filesystem::path& folder, FolderLister& lister) {
  const std::filesystem::path root = folder / "images";
  OODML_ASSIGN_OR_RETURN(const FolderListing listing, lister.list(root));
  ClassFolders classes(root, lister);
  std::vector<std::pair<std::int64_t, std::string>> numbered;
  for (const std::string& name : visible_folders(listing, classes)) {
    if (const auto number = cub_number(name)) {
      numbered.emplace_back(*number, name);
    } else {
      classes.skip(name, "not a class folder <number>.<Name>");
    }
  }
  std::ranges::sort(numbered);
  for (std::size_t i = 0; i < numbered.size(); ++i) {
    if (i > 0 && numbered[i].first == numbered[i - 1].first) {
      return invalid_argument(printable(root.native(), 4096) + ": the class folders " +
                              printable(numbered[i - 1].second) + " and " + printable(numbered[i].second) +
                              " have the same number; each class has one of its own");
    }
    OODML_RETURN_IF_ERROR(classes.add_class(numbered[i].second));
  }
  return classes.finish();
}

Result<Benchmark> read_cars196(const std::filesystem::path& folder, FolderLister& lister) {
  std::error_code ignored;
  if (!std::filesystem::is_directory(folder / "images", ignored)) {
    for (const char* archive : {"cars_annos.mat", "car_ims"}) {
      if (std::filesystem::exists(folder / archive, ignored)) return not_found(std::string(kCarsConversion));
    }
  }
  return read_sorted(folder / "images", lister);
}

Result<Benchmark> read_image_folder(const std::filesystem::path& folder, FolderLister& lister) {
  std::error_code ignored;
  const bool below = std::filesystem::is_directory(folder / "images", ignored);
  return read_sorted(below ? folder / "images" : folder, lister);
}

}  // namespace oodml::data
