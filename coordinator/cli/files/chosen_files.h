#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

#include "core/base/result.h"
#include "core/job/stored_file.h"
#include "oodml/v1/artifacts.pb.h"

namespace oodml::cli {

/// Which files of a trial: the best network, the last one (or a newer attempt's checkpoint), what its process printed,
/// or everything.
enum class What { kBest, kLast, kLog, kAll };
/// best, last, log, all
Result<What> parse_what(const std::string& text);

struct ChosenFile {
  std::int64_t trial = 0;
  job::StoredFile file;
  std::filesystem::path to;     ///< Relative.
  std::filesystem::path place;  ///< Where all that its trial left goes: the beginning of `to`, or empty.
};

struct ChosenFiles {
  std::vector<ChosenFile> files;
  std::vector<std::int64_t> without;  ///< Trials with files, but none of what was asked for.
};

/// Of each kind those of the newest attempt that left some, and of each path the newest. `folders`: each trial's in a
/// folder of its own, named by its id and labels. kInvalidArgument: the coordinator named a path that leads out of its
/// folder.
Result<ChosenFiles> choose_files(const v1::ListArtifactsReply& listed, What what, bool folders);

/// 17-margin-0: a trial's id and labels, as the name of a folder.
std::string trial_folder(const v1::TrialFiles& trial);

}  // namespace oodml::cli
