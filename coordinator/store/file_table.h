#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "coordinator/store/label_condition.h"
#include "coordinator/store/sqlite.h"
#include "core/base/result.h"
#include "core/job/lease.h"
#include "core/job/stored_file.h"

namespace oodml::coordinator::store {

// Files that trials left, as names of contents (artifacts/content_store).

/// Gives the attempt these files. Those of the kinds checkpoint and best, where there are such, replace all that it had
/// of that kind; one of the same path replaces the other. kResourceExhausted: the attempt would have too many.
Status publish_files(Connection& database, const job::Lease& lease, const std::vector<job::StoredFile>& files,
                     Time now);

/// Takes the names of what nobody needs from trials that ended before `before`: their checkpoints, tables and
/// TensorBoard files, and last networks where there is a best one. Best networks, results and logs stay. At most
/// `limit` trials.
struct LetGo {
  std::int64_t trials = 0;  ///< That were looked at.
  std::int64_t files = 0;   ///< That went.
};
LetGo let_files_go(Connection& database, Time before, std::int64_t limit);
/// How many files went so: of a trial, or of a sweep's trials.
std::int64_t files_gone(Connection& database, TrialId trial);
std::int64_t files_gone(Connection& database, SweepId sweep);

/// By attempt, then path.
std::map<AttemptEpoch, std::vector<job::StoredFile>> read_files(Connection& database, TrialId trial);
/// Whether any attempt of the trial has a file of this content, or the trial runs it as code (script_table.h).
bool has_content(Connection& database, TrialId trial, const std::string& sha256);
/// Those of `contents`, by SHA-256, that some file or some trial's code names.
std::set<std::string> named_contents(Connection& database, const std::vector<std::string>& contents);

/// The checkpoint that lies farthest of those that attempts of the trial's present run before `attempt` left.
std::optional<job::ResumeFrom> newest_checkpoint(Connection& database, TrialId trial, AttemptEpoch attempt);

/// An attempt as far as its files and its output go.
struct AttemptPlace {
  AttemptEpoch attempt = 0;  ///< 0: the trial has not been started yet.
  bool is_newest = false;
  std::string worker;
  std::optional<Time> finished;
};
/// `attempt` 0: the newest. kNotFound: there is no such trial, or no such attempt of it.
Result<AttemptPlace> find_place(Connection& database, TrialId trial, AttemptEpoch attempt);
bool has_trial(Connection& database, TrialId trial);

/// Bytes of a trial's files, or of those of a sweep's trials with the wanted labels, equal contents counted once.
std::int64_t stored_bytes(Connection& database, TrialId trial);
std::int64_t stored_bytes(Connection& database, SweepId sweep, const WantedLabels& wanted);
/// Contents that have a name, and their bytes.
struct Contents {
  std::int64_t count = 0, bytes = 0;
};
Contents named_contents(Connection& database);

/// A content and one of the files that name it.
struct NamedContent {
  std::string sha256;
  std::int64_t bytes = 0;
  TrialId trial;
  AttemptEpoch attempt = 0;  ///< 0: code that the trial runs.
  std::string path;
};
/// Each content once, by SHA-256. A database of before artefacts names none.
Status for_each_content(Connection& database, const std::function<Status(const NamedContent&)>& look);

}  // namespace oodml::coordinator::store
