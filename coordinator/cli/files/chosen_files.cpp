#include "coordinator/cli/files/chosen_files.h"

#include <map>
#include <set>
#include <utility>

#include "proto/convert/stored_file_convert.h"

namespace oodml::cli {
namespace {

using job::FileKind;

constexpr std::size_t kMaxFolderBytes = 120;

/// The newest attempt of a trial that left files of each kind.
using Newest = std::map<std::pair<std::int64_t, FileKind>, std::int64_t>;

struct Listed {
  const v1::TrialFiles* trial = nullptr;
  std::vector<job::StoredFile> files;
};

Result<std::vector<Listed>> read_list(const v1::ListArtifactsReply& reply, Newest& newest) {
  std::vector<Listed> list;
  for (const v1::TrialFiles& trial : reply.trials()) {
    Listed listed{.trial = &trial};
    OODML_ASSIGN_OR_RETURN(listed.files, convert::stored_files("files", trial.files()));
    for (const job::StoredFile& file : listed.files) {
      std::int64_t& attempt = newest[{trial.trial_id(), file.kind}];
      attempt = std::max(attempt, trial.attempt());
    }
    list.push_back(std::move(listed));
  }
  return list;
}

bool is_wanted(const Newest& newest, std::int64_t trial, FileKind kind, What what) {
  switch (what) {
    case What::kBest:
      return kind == FileKind::kBest;
    case What::kLast:
      return newest.contains({trial, FileKind::kLast}) ? kind == FileKind::kLast : kind == FileKind::kCheckpoint;
    case What::kLog:
      return kind == FileKind::kLog;
    case What::kAll:
      return true;
  }
  return false;
}

}  // namespace

Result<What> parse_what(const std::string& text) {
  constexpr std::pair<const char*, What> kWords[] = {
      {"best", What::kBest}, {"last", What::kLast}, {"log", What::kLog}, {"all", What::kAll}};
  for (const auto& [word, what] : kWords) {
    if (text == word) return what;
  }
  return invalid_argument("--what " + text + ": best, last, log or all wanted");
}

std::string trial_folder(const v1::TrialFiles& trial) {
  std::string name = std::to_string(trial.trial_id());
  for (const v1::Label& label : trial.labels()) {
    name += "-";
    for (const char c : label.label()) {
      const bool plain = (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '.' ||
                         c == '_' || c == '-' || c == '+' || c == '=';
      name += plain ? c : '_';
    }
  }
  name.resize(std::min(name.size(), kMaxFolderBytes));
  return name;
}

Result<ChosenFiles> choose_files(const v1::ListArtifactsReply& reply, What what, bool folders) {
  Newest newest;
  OODML_ASSIGN_OR_RETURN(const std::vector<Listed> list, read_list(reply, newest));
  ChosenFiles chosen;
  std::set<std::int64_t> with, all;
  std::set<std::filesystem::path> places;
  for (const Listed& listed : list) {
    const std::int64_t trial = listed.trial->trial_id();
    all.insert(trial);
    for (const job::StoredFile& file : listed.files) {
      if (newest.at({trial, file.kind}) != listed.trial->attempt() || !is_wanted(newest, trial, file.kind, what)) {
        continue;
      }
      const std::filesystem::path to =
          folders ? trial_folder(*listed.trial) / std::filesystem::path(file.path) : std::filesystem::path(file.path);
      with.insert(trial);
      // Of two attempts that left a path as different kinds the earlier one has it.
      if (places.insert(to).second) chosen.files.push_back({.trial = trial, .file = file, .to = to});
    }
  }
  for (const std::int64_t trial : all) {
    if (!with.contains(trial)) chosen.without.push_back(trial);
  }
  return chosen;
}

}  // namespace oodml::cli
