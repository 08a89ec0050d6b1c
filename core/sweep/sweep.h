#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <map>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "core/base/result.h"
#include "core/job/sweep_plan.h"

namespace oodml::sweep {

struct Limits {
  std::size_t max_bytes = 1 << 20;    ///< of the YAML text
  std::int64_t max_trials = 100'000;  ///< of the product, before exclusion
  std::size_t max_errors = 50;        ///< reported in one pass
};

/// The ids that `split_file` of a benchmark of one's own lists, in its order; the failure says where they were looked
/// for.
using SplitIds =
    std::function<Result<std::vector<std::string>>(const std::string& benchmark, const std::string& split_file)>;

struct ExpandOptions {
  std::string file_name = "sweep.yaml";  ///< For messages.
  /// --set key=value, the value in YAML. Goes on top of `trial:`; axes and their rows still win, and a setting that
  /// then changes no trial is an error.
  std::vector<std::pair<std::string, std::string>> settings;
  Limits limits;
  SplitIds split_ids =
      nullptr;  ///< For `split: all` of benchmarks that the catalogue does not know; empty: nobody knows.
  /// SHA-256 of files of scripts, by the names that trials give them. They become part of each trial that names such a
  /// file (arch_sha256, criterion.sha256), and so of its fingerprint; a trial that says another is an error.
  std::map<std::string, std::string> scripts;
};

/// YAML text -> the exact trials, everything validated against the catalogue. On failure kInvalidArgument;
/// the message has one line per error, all found in one pass:
/// `sweep.yaml:7:5: unknown key 'marign'; did you mean 'margin'? Accepted: ...`.
Result<job::SweepPlan> plan_sweep(std::string_view yaml, const ExpandOptions& options);

/// The text of the sweep file at `path` with the files that it names put in, so that it can be read elsewhere.
/// `extends: base.yaml`: maps merge key by key, the extending file wins, lists and single values replace, null takes a
/// key away, and a component ({name: ...}) of another name replaces the base's; bases may extend further, at most 8
/// deep. `{file: splits.txt}` in an axis: the lines of that file. A file is named relative to the one that names it and
/// must lie below the parent of the first one's folder. A sweep that names none comes back as it is; a text that was
/// put together says on each line where it was written, so plan_sweep's errors name the right file.
Result<std::string> resolve_files(const std::filesystem::path& path, const Limits& limits = {});

/// SHA-256 (64 hex digits) of the canonical text of the keys that change results.
std::string fingerprint(const job::TrialSpec& spec);

/// trial.yaml of an attempt: every key written out, readable and writable by hand.
std::string trial_file_text(const job::TrialSpec& spec);
/// Reads trial.yaml; keys left out get their defaults; validated like a sweep.
Result<job::TrialSpec> parse_trial_file(std::string_view yaml, std::string_view file_name);

/// The same for whoever runs the core's trials: kInvalidArgument for one that a program of people's own runs.
Result<job::TrialSpec> parse_core_trial_file(std::string_view yaml, std::string_view file_name);

/// A key of a trial that was said elsewhere than in a file: {"arch", "resnet50", "--arch"}.
struct SaidKey {
  std::string key, value;
  std::string where;  ///< How messages call the place.
};
/// A trial with these keys and otherwise the defaults, validated as a file's. A value is one text or number whatever
/// characters it has: YAML is not read.
Result<job::TrialSpec> trial_of(const std::vector<SaidKey>& said);

}  // namespace oodml::sweep
