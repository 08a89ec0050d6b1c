#include "coordinator/cli/report/write_report.h"

#include <algorithm>
#include <map>
#include <nlohmann/json.hpp>
#include <set>
#include <vector>

#include "coordinator/cli/report/table_text.h"
#include "core/base/atomic_file.h"
#include "core/base/printable.h"
#include "core/base/replace_folder.h"
#include "core/base/sha256.h"
#include "core/figures/draw.h"

namespace oodml::cli::report {
namespace fs = std::filesystem;
namespace {

/// Says of every file of a report what was written, by which a later report knows what it may replace.
constexpr const char* kManifest = "report.json";
constexpr std::uint64_t kMostManifestBytes = 16 << 20;
constexpr std::uint64_t kMostFileBytes = 1ULL << 30;

/// Pictures are drawn again by people who changed their script, or are copies: they are nobody's work.
bool is_picture(const fs::path& file) {
  const std::string ending = file.extension();
  return ending == ".pdf" || ending == ".svg" || ending == ".png";
}

using Digests = std::map<std::string, std::string>;  ///< By file name; empty of a picture.

Result<Digests> digests_in(const fs::path& folder) {
  Digests digests;
  std::error_code error;
  for (fs::directory_iterator it(folder, error), end; !error && it != end; it.increment(error)) {
    std::string digest;
    if (it->is_directory(error) || it->is_symlink(error)) {
      digest = "none of ours";
    } else if (!is_picture(it->path())) {
      OODML_ASSIGN_OR_RETURN(const std::string bytes, read_file(it->path(), kMostFileBytes));
      digest = sha256_hex(bytes);
    }
    digests.emplace(it->path().filename(), std::move(digest));
  }
  if (error) return system_failure("list " + folder.string(), error.value());
  return digests;
}

/// What the manifest says; nothing where there is none or it is none of ours.
Digests manifest_of(const fs::path& folder) {
  const Result<std::string> text = read_file(folder / kManifest, kMostManifestBytes);
  const auto json = text ? nlohmann::json::parse(*text, nullptr, /*allow_exceptions=*/false) : nlohmann::json();
  Digests digests;
  if (!json.is_object() || !json.contains("files") || !json["files"].is_object()) return digests;
  for (const auto& [name, digest] : json["files"].items()) {
    if (digest.is_string()) digests.emplace(name, digest.get<std::string>());
  }
  return digests;
}

Status write_manifest(const Document& document, const Heading& heading, const fs::path& folder) {
  OODML_ASSIGN_OR_RETURN(const Digests digests, digests_in(folder));
  const nlohmann::json json = {
      {"version", 1}, {"title", document.title}, {"kind", heading.kind}, {"made", heading.made}, {"files", digests}};
  return write_file_atomically(folder / kManifest,
                               json.dump(1, ' ', false, nlohmann::json::error_handler_t::replace) + "\n");
}

Status copy_pictures(const Section& section, const fs::path& folder) {
  for (const Picture& picture : section.pictures) {
    for (const fs::path& file : picture.files) {
      OODML_ASSIGN_OR_RETURN(const std::string bytes, read_file(file, kMostFileBytes));
      const std::string name = picture.name + file.extension().string();
      OODML_RETURN_IF_ERROR(write_file_atomically(folder / name, bytes));
    }
  }
  return {};
}

Status write_tables(const Section& section, const fs::path& folder) {
  for (const Table& table : section.tables) {
    OODML_RETURN_IF_ERROR(write_file_atomically(folder / (table.name + ".csv"), table_csv(table)));
    OODML_RETURN_IF_ERROR(write_file_atomically(folder / (table.name + ".tex"), table_latex(table)));
  }
  for (const Table& table : section.data)
    OODML_RETURN_IF_ERROR(write_file_atomically(folder / (table.name + ".csv"), table_csv(table)));
  return {};
}

/// kInvalidArgument where two parts would be written into one file.
Status check_names(const Document& document) {
  std::set<std::string> names;
  const auto add = [&](const auto& parts) -> Status {
    for (const auto& part : parts) {
      if (!names.insert(part.name).second)
        return invalid_argument("two parts of the report have the name " + printable(part.name));
    }
    return {};
  };
  for (const Section& section : document.sections) {
    OODML_RETURN_IF_ERROR(add(section.figures));
    OODML_RETURN_IF_ERROR(add(section.tables));
    OODML_RETURN_IF_ERROR(add(section.data));
    OODML_RETURN_IF_ERROR(add(section.pictures));
  }
  return {};
}

/// All into the folder; the status is that of the pictures.
Result<Status> fill(const Document& document, const Heading& heading, const fs::path& folder) {
  std::vector<figures::Figure> all;
  for (const Section& section : document.sections) {
    all.insert(all.end(), section.figures.begin(), section.figures.end());
    OODML_RETURN_IF_ERROR(write_tables(section, folder));
    OODML_RETURN_IF_ERROR(copy_pictures(section, folder));
  }
  Status drawn = figures::draw(all, folder);
  // A figure that cannot be one is a bug; without gnuplot, or where it failed, the rest is worth having.
  if (drawn.code() == StatusCode::kInvalidArgument) return failure(drawn);
  OODML_RETURN_IF_ERROR(write_file_atomically(folder / "index.html", page_html(document, heading, drawn.ok())));
  OODML_RETURN_IF_ERROR(write_manifest(document, heading, folder));
  OODML_RETURN_IF_ERROR(sync_tree(folder));
  return drawn;
}

fs::path without_end(const fs::path& folder) {
  const fs::path plain = fs::absolute(folder).lexically_normal();
  return plain.has_filename() ? plain : plain.parent_path();
}

}  // namespace

Status check_target(const fs::path& folder) {
  const fs::path target = without_end(folder);
  std::error_code error;
  if (!fs::exists(target, error)) return {};
  const std::string shown = printable(target.string());
  if (!fs::is_directory(target, error)) return failed_precondition("-o " + shown + " is a file; wanted is a folder");
  OODML_ASSIGN_OR_RETURN(const Digests there, digests_in(target));
  const Digests ours = manifest_of(target);
  std::vector<std::string> foreign, changed;
  for (const auto& [name, digest] : there) {
    const auto known = ours.find(name);
    if (known == ours.end() && (name != kManifest || ours.empty())) foreign.push_back(name);
    if (known != ours.end() && known->second != digest) changed.push_back(name);
  }
  if (!foreign.empty()) {
    return failed_precondition("the folder " + shown + " holds files that no report wrote: " + name_list(foreign, 5) +
                               "; name another one with -o, or move them away");
  }
  if (changed.empty()) return {};
  return failed_precondition("in the folder " + shown + " files were changed since their report was written: " +
                             name_list(changed, 5) + "; name another one with -o, or move them away");
}

Result<Written> write_report(const Document& document, const Heading& heading, const fs::path& folder) {
  OODML_RETURN_IF_ERROR(check_names(document));
  OODML_RETURN_IF_ERROR(check_target(folder));
  const fs::path target = without_end(folder);
  const fs::path fresh = target.parent_path() / ("." + target.filename().string() + ".unfinished");
  OODML_RETURN_IF_ERROR(make_folders(target.parent_path()));
  OODML_RETURN_IF_ERROR(remove_folder(fresh));
  OODML_RETURN_IF_ERROR(make_folders(fresh));
  Result<Status> drawn = fill(document, heading, fresh);
  if (!drawn) {
    (void)remove_folder(fresh);  // the failure counts, and the next report removes what is left
    return failure(drawn.error());
  }
  OODML_RETURN_IF_ERROR(replace_folder(fresh, target));
  return Written{.drawn = *std::move(drawn)};
}

}  // namespace oodml::cli::report
