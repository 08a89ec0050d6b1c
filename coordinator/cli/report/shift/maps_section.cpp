#include "coordinator/cli/report/shift/maps_section.h"

#include <fmt/format.h>

#include <nlohmann/json.hpp>
#include <utility>

#include "coordinator/cli/report/figure_words.h"
#include "core/base/atomic_file.h"
#include "core/base/printable.h"

namespace oodml::cli::report {
namespace fs = std::filesystem;
namespace {

using Json = nlohmann::json;

constexpr const char* kIndex = "maps.json";
constexpr std::uint64_t kMostBytes = 16 << 20;

const Json& member(const Json& object, const char* key) {
  static const Json kNone;
  return object.is_object() && object.contains(key) ? object[key] : kNone;
}

std::string text_of(const Json& object, const char* key) {
  const Json& value = member(object, key);
  return value.is_string() ? value.get<std::string>() : "";
}

/// Takes the file of this name if the folder has it; else says so.
void take(const fs::path& folder, const std::string& name, Picture& picture, Section& section) {
  const fs::path path(name);
  std::error_code ignored;
  if (path.filename() == path && path.has_extension() && fs::is_regular_file(folder / path, ignored)) {
    picture.files.push_back(folder / path);
  } else {
    section.missing.push_back("the maps of " + printable(folder.string()) + " have no file " + printable(name));
  }
}

void take_pictures(const fs::path& folder, const Json& pictures, bool shown, Picture& picture, Section& section) {
  for (const char* ending : {"svg", "pdf"}) {
    const std::string name = text_of(pictures, ending);
    if (!name.empty() && (shown || std::string_view(ending) != "svg")) take(folder, name, picture, section);
  }
}

/// "class means of cub200 by umap, features of resnet50 (imagenet), trustworthiness 0.97"
std::string caption_of(const Json& index) {
  std::string text = text_of(index, "what") + " of " + text_of(index, "benchmark") + " by " + text_of(index, "method") +
                     ", features of " + text_of(index, "features");
  if (const std::string weights = text_of(index, "weights"); !weights.empty()) text += " (" + weights + ")";
  const Json& trust = member(index, "trustworthiness");
  if (trust.is_number()) text += fmt::format(", trustworthiness {:.3f}", trust.get<double>());
  return "Map of " + text;
}

Picture picture_of(const Json& split, const Json& index, bool shown, const fs::path& folder, Section& section) {
  const std::string id = text_of(split, "id"), role = text_of(split, "role");
  const Json& fid = member(split, "fid");
  Picture picture{.name = "map_" + file_word(text_of(index, "benchmark")) + "_" + file_word(id),
                  .caption = (shown ? caption_of(index) + ". " : "") + "Split " + id +
                             (role.empty() || role == id ? "" : ", " + role) +
                             (fid.is_number() ? fmt::format(", FID {:.1f}", fid.get<double>()) : "")};
  take_pictures(folder, member(split, "pictures"), shown, picture, section);
  if (const std::string csv = text_of(split, "csv"); !csv.empty()) take(folder, csv, picture, section);
  return picture;
}

}  // namespace

Result<Section> maps_section(const fs::path& folder) {
  OODML_ASSIGN_OR_RETURN(const std::string text, read_file(folder / kIndex, kMostBytes));
  const Json index = Json::parse(text, nullptr, /*allow_exceptions=*/false);
  const Json& splits = member(index, "splits");
  if (!splits.is_array())
    return invalid_argument(printable((folder / kIndex).string()) + ": not what oodml splits map writes");
  Section section{.title = "Maps of training and test classes"};
  Picture all{.name = "map_" + file_word(text_of(index, "benchmark")), .caption = caption_of(index), .files = {}};
  if (splits.size() > 1) take_pictures(folder, member(index, "pictures"), /*shown=*/true, all, section);
  const bool has_overview = !all.files.empty();
  if (has_overview) section.pictures.push_back(std::move(all));
  for (const Json& split : splits) {
    Picture picture = picture_of(split, index, !has_overview, folder, section);
    if (!picture.files.empty()) section.pictures.push_back(std::move(picture));
  }
  if (member(index, "pictures").empty())
    section.missing.push_back("the maps of " + printable(folder.string()) +
                              " were not drawn: install gnuplot and run oodml splits map again");
  return section;
}

}  // namespace oodml::cli::report
