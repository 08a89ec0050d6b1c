#include "coordinator/cli/scale/slurm_cluster.h"

#include <algorithm>
#include <optional>
#include <set>
#include <sstream>

#include "coordinator/cli/output/text.h"
#include "coordinator/cli/scale/batch_script.h"
#include "coordinator/cli/scale/command.h"
#include "core/base/atomic_file.h"
#include "core/base/words.h"

namespace oodml::cli::scale {
namespace {

constexpr const char* kFormat = "%A|%i|%T|%j|%k|%r";
constexpr std::size_t kFields = 6;
constexpr std::string_view kCommentHead = "oodml:";
constexpr std::size_t kCancelledAtOnce = 500;

/// MM:SS, as --time wants it.
std::string time_text(Duration time) {
  const auto seconds = std::chrono::ceil<std::chrono::seconds>(time).count();
  const std::string rest = std::to_string(seconds % 60);
  return std::to_string(seconds / 60) + ":" + (rest.size() < 2 ? "0" : "") + rest;
}

std::vector<std::string> fields_of(const std::string& line) {
  std::vector<std::string> fields;
  std::istringstream text(line);
  for (std::string field; std::getline(text, field, '|');) fields.push_back(field);
  if (line.ends_with('|')) fields.emplace_back();
  return fields;
}

/// Reasons for which a job waits for ever.
bool is_hopeless(const std::string& reason) {
  static const std::set<std::string> kHopeless = {"BadConstraints", "DependencyNeverSatisfied",
                                                  "launch failed requeued held", "JobHoldMaxRequeue"};
  return kHopeless.contains(reason);
}

bool waits(const std::string& state) {
  static const std::set<std::string> kWaiting = {"PENDING",     "REQUEUED",     "REQUEUE_HOLD",
                                                 "REQUEUE_FED", "SPECIAL_EXIT", "RESV_DEL_HOLD"};
  return kWaiting.contains(state);
}

JobPhase phase_of(const std::string& state, bool stuck) {
  static const std::set<std::string> kAlive = {"RUNNING",  "CONFIGURING", "SUSPENDED", "STOPPED",
                                               "RESIZING", "SIGNALING",   "STAGE_OUT"};
  static const std::set<std::string> kFailed = {"FAILED", "NODE_FAIL", "BOOT_FAIL", "OUT_OF_MEMORY"};
  if (waits(state)) return stuck ? JobPhase::kFailed : JobPhase::kPending;
  if (kAlive.contains(state)) return JobPhase::kRunning;
  return kFailed.contains(state) ? JobPhase::kFailed : JobPhase::kEnded;
}

std::optional<Job> job_of(const ScaleConfig& config, const std::string& line) {
  const std::vector<std::string> fields = fields_of(line);
  if (fields.size() != kFields || !fields[4].starts_with(kCommentHead)) return std::nullopt;
  const auto profile =
      std::ranges::find(config.profiles, fields[3], [&](const Profile& profile) { return job_name(config, profile); });
  if (profile == config.profiles.end()) return std::nullopt;
  const bool stuck = waits(fields[2]) && is_hopeless(fields[5]);
  return Job{.id = fields[1],
             .raw_id = fields[0],
             .profile = profile->name,
             .tag = fields[4].substr(kCommentHead.size()),
             .phase = phase_of(fields[2], stuck),
             .state = fields[2],
             .reason = fields[5] == "None" ? "" : one_line(fields[5]),
             .stuck = stuck};
}

}  // namespace

std::vector<std::string> sbatch_words(const ScaleConfig& config, const Profile& profile, const Submission& submission) {
  std::vector<std::string> words = {"sbatch",
                                    "--parsable",
                                    "--job-name=" + job_name(config, profile),
                                    "--comment=" + std::string(kCommentHead) + submission.tag,
                                    "--output=" + (config.folder / "jobs/%x-%j.log").string(),
                                    "--open-mode=append",
                                    profile.preemptible ? "--requeue" : "--no-requeue"};
  const auto add = [&](const char* option, const std::string& value) {
    if (!value.empty()) words.push_back(option + value);
  };
  add("--partition=", profile.partition);
  add("--account=", profile.account);
  add("--qos=", profile.qos);
  add("--gres=", profile.gres);
  add("--mem=", profile.memory);
  if (profile.cpus > 0) words.push_back("--cpus-per-task=" + std::to_string(profile.cpus));
  if (profile.time > Duration(0)) words.push_back("--time=" + time_text(profile.time));
  if (submission.workers > 1) words.push_back("--array=0-" + std::to_string(submission.workers - 1));
  words.insert(words.end(), profile.sbatch.begin(), profile.sbatch.end());
  return words;
}

Result<std::string> SlurmCluster::submit(const Profile& profile, const Submission& submission) {
  OODML_RETURN_IF_ERROR(make_folders(config_.folder / "jobs"));  // its output goes there before its script begins
  OODML_ASSIGN_OR_RETURN(const std::string said, run_command(sbatch_words(config_, profile, submission),
                                                             batch_script(config_, profile), config_.command_timeout));
  const std::string id = said.substr(0, said.find_first_of(";\n"));  // 12, or 12;cluster
  if (id.empty() || id.find_first_not_of("0123456789") != std::string::npos) {
    return internal_error("sbatch answered '" + one_line(said.substr(0, 60)) + "', not the id of a job");
  }
  return id;
}

Result<std::vector<Job>> SlurmCluster::jobs() {
  std::vector<std::string> names;
  for (const Profile& profile : config_.profiles) names.push_back(job_name(config_, profile));
  OODML_ASSIGN_OR_RETURN(const std::string said,
                         run_command({"squeue", "--me", "--array", "--states=all", "--noheader",
                                      "--name=" + joined(names, ","), std::string("--format=") + kFormat},
                                     "", config_.command_timeout));
  return read_squeue(config_, said);
}

std::vector<Job> read_squeue(const ScaleConfig& config, std::string_view text) {
  std::vector<Job> jobs;
  std::istringstream lines{std::string(text)};
  for (std::string line; std::getline(lines, line);) {
    if (auto job = job_of(config, line)) jobs.push_back(*std::move(job));
  }
  return jobs;
}

Status SlurmCluster::cancel(const std::vector<std::string>& ids) {
  for (std::size_t begin = 0; begin < ids.size(); begin += kCancelledAtOnce) {
    std::vector<std::string> words = {"scancel", "--quiet", "--state=PENDING"};
    const std::size_t end = std::min(ids.size(), begin + kCancelledAtOnce);
    words.insert(words.end(), ids.begin() + static_cast<std::ptrdiff_t>(begin),
                 ids.begin() + static_cast<std::ptrdiff_t>(end));
    const auto said = run_command(words, "", config_.command_timeout);
    const bool gone = !said && said.error().message().find("Invalid job id") != std::string::npos;
    if (!said && !gone) return said.error();
  }
  return {};
}

}  // namespace oodml::cli::scale
