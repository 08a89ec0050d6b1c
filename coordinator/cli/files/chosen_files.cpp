#include "coordinator/cli/files/chosen_files.h"

#include <algorithm>
#include <iterator>
#include <map>
#include <set>
#include <utility>

#include "proto/convert/stored_file_convert.h"

namespace oodml::cli {
namespace {

namespace fs = std::filesystem;
using job::FileKind;

constexpr std::size_t kMaxFolderBytes = 120;

/// The newest attempt of a trial that left files of each kind.
using Newest = std::map<std::pair<std::int64_t, FileKind>, std::int64_t>;

struct Listed {
  const v1::TrialFiles* trial = nullptr;
  std::vector<job::StoredFile> files;
};

/// What a path of a trial may come from. An attempt that was moved away left its best network with its checkpoint, the
/// one that ended the trial leaves a better one under the same path as another kind: the newest has it.
struct Candidate {
  std::int64_t attempt = 0;
  const job::StoredFile* file = nullptr;
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

/// 0: none did.
std::int64_t newest_with(const Newest& newest, std::int64_t trial, FileKind kind) {
  const auto found = newest.find({trial, kind});
  return found == newest.end() ? 0 : found->second;
}

bool is_wanted(const Newest& newest, std::int64_t trial, FileKind kind, What what) {
  switch (what) {
    case What::kBest:
      return kind == FileKind::kBest;
    case What::kLast:
      return kind == (newest_with(newest, trial, FileKind::kLast) >= newest_with(newest, trial, FileKind::kCheckpoint)
                          ? FileKind::kLast
                          : FileKind::kCheckpoint);
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
  std::set<std::int64_t> all, with;
  std::map<std::pair<std::int64_t, fs::path>, Candidate> candidates;
  for (const Listed& listed : list) {
    const std::int64_t trial = listed.trial->trial_id(), attempt = listed.trial->attempt();
    all.insert(trial);
    for (const job::StoredFile& file : listed.files) {
      if (newest.at({trial, file.kind}) != attempt || !is_wanted(newest, trial, file.kind, what)) continue;
      with.insert(trial);
      Candidate& candidate = candidates[{trial, file.path}];
      if (candidate.attempt <= attempt) candidate = {.attempt = attempt, .file = &file};
    }
  }
  ChosenFiles chosen;
  std::ranges::set_difference(all, with, std::back_inserter(chosen.without));
  std::map<std::int64_t, std::string> names;
  for (const Listed& listed : list) names[listed.trial->trial_id()] = folders ? trial_folder(*listed.trial) : "";
  for (const auto& [of, candidate] : candidates) {
    const auto& [trial, path] = of;
    const std::string& place = names.at(trial);
    chosen.files.push_back({.trial = trial, .file = *candidate.file, .to = place / path, .place = place});
  }
  return chosen;
}

}  // namespace oodml::cli
