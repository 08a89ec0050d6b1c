#include "coordinator/cli/report/maps_section.h"

#include <nlohmann/json.hpp>

#include "core/base/atomic_file.h"
#include "core/base/printable.h"

namespace oodml::cli::report {
namespace fs = std::filesystem;
namespace {

using Json = nlohmann::json;

constexpr const char* kIndex = "maps.json";
constexpr std::uint64_t kMostBytes = 16 << 20;

std::string text_of(const Json& entry, const char* key) {
  return entry.is_object() && entry.contains(key) && entry[key].is_string() ? entry[key].get<std::string>() : "";
}

/// A name without a folder, of a kind that a report shows or links.
bool is_file_name(const std::string& name) {
  const fs::path path(name);
  const std::string ending = path.extension();
  return path.filename() == path && !name.starts_with('.') &&
         (ending == ".svg" || ending == ".pdf" || ending == ".png" || ending == ".csv" || ending == ".gp");
}

Picture picture_of(const Json& entry, const fs::path& folder, Section& section) {
  Picture picture{.name = "map_" + text_of(entry, "name"), .caption = text_of(entry, "caption"), .files = {}};
  if (!entry.is_object() || !entry.contains("files") || !entry["files"].is_array()) return picture;
  for (const Json& file : entry["files"]) {
    const std::string name = file.is_string() ? file.get<std::string>() : "";
    std::error_code ignored;
    if (is_file_name(name) && fs::is_regular_file(folder / name, ignored)) {
      picture.files.push_back(folder / name);
    } else {
      section.missing.push_back("the map " + printable(text_of(entry, "name")) + " has no file " + printable(name) +
                                " in " + printable(folder.string()));
    }
  }
  return picture;
}

}  // namespace

Result<Section> maps_section(const fs::path& folder) {
  OODML_ASSIGN_OR_RETURN(const std::string text, read_file(folder / kIndex, kMostBytes));
  const Json index = Json::parse(text, nullptr, /*allow_exceptions=*/false);
  if (!index.is_object() || !index.contains("maps") || !index["maps"].is_array()) {
    return invalid_argument(
        printable((folder / kIndex).string()) +
        ": not what oodml splits map writes; wanted is {\"maps\": [{\"name\", \"caption\", \"files\"}]}");
  }
  Section section{.title = "Maps of classes and images"};
  for (const Json& entry : index["maps"]) {
    Picture picture = picture_of(entry, folder, section);
    if (!is_file_name(picture.name + ".svg")) {
      section.missing.push_back("a map without a name that is a file's in " + printable(folder.string()));
    } else if (!picture.files.empty()) {
      section.pictures.push_back(std::move(picture));
    }
  }
  if (section.pictures.empty()) section.missing.push_back("no map in " + printable(folder.string()));
  return section;
}

}  // namespace oodml::cli::report
