#pragma once

#include <CLI/App.hpp>
#include <CLI/Validators.hpp>
#include <chrono>
#include <filesystem>
#include <functional>
#include <initializer_list>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "coordinator/cli/files/file_selection.h"
#include "coordinator/cli/session.h"
#include "coordinator/cli/sweep_source.h"
#include "core/base/exit_code.h"

namespace oodml::cli {

/// Collects what the arguments chose; each add_... below registers one command on it.
class CommandLine {
 public:
  explicit CommandLine(CLI::App& root) : root_(root) {}

  /// A command with its one-line description; `examples` are lines that people can copy.
  CLI::App* add(const std::string& name, const std::string& summary, const std::string& group,
                std::initializer_list<const char*> examples);
  /// What to run when `command` was chosen, and which formats -o may ask of it (the table is always one).
  void on(CLI::App* command, Command run, std::vector<Format> formats = {Format::kJson});
  /// The same with --state DIR: then it reads what `oodml local` left there instead of asking a coordinator.
  void on_stored(CLI::App* command, Command run, std::vector<Format> formats = {Format::kJson});

  CLI::App& root() { return root_; }
  const Command& chosen() const { return chosen_; }
  const std::vector<Format>& formats() const { return formats_; }

 private:
  CLI::App& root_;
  Command chosen_;
  std::vector<Format> formats_;
};

/// The option --state alone, for Session::read_state.
std::shared_ptr<std::string> add_state(CLI::App* command);

/// --benchmarks-root and --weights-root, for data_roots.
struct RootOptions {
  std::filesystem::path benchmarks, weights;
};
void add_roots(CLI::App* command, RootOptions& options);

/// What submit, plan and local read: the sweep's file, --set and --set-file. `source` must outlive the parsing.
void add_sweep_source(CLI::App* command, SweepSource& source);
void add_scripts_on_workers(CLI::App* command, SweepSource& source);

/// What submit and local do with trials that were run before.
struct SharingOptions {
  bool rerun = false, reuse = false;
  std::vector<std::string> filters;  ///< AXIS=LABEL, of what is run again.
};
void add_sharing(CLI::App* command, SharingOptions& options);
Status apply(const SharingOptions& options, v1::SubmitRequest& request);

void add_submit(CommandLine& line);
void add_plan(CommandLine& line);
void add_list(CommandLine& line);
void add_show(CommandLine& line);
void add_watch(CommandLine& line);
void add_logs(CommandLine& line);
void add_curves(CommandLine& line);
void add_artifacts(CommandLine& line);
void add_fetch(CommandLine& line);
void add_changes(CommandLine& line);   ///< cancel, pause, resume, retry
void add_removals(CommandLine& line);  ///< archive, unarchive, delete
void add_priority(CommandLine& line);
void add_limit(CommandLine& line);
void add_whoami(CommandLine& line);
void add_results(CommandLine& line);
void add_report(CommandLine& line);
void add_diff(CommandLine& line);
void add_history(CommandLine& line);
void add_workers(CommandLine& line);
void add_top(CommandLine& line);
void add_shares(CommandLine& line);
void add_scale(CommandLine& line);  ///< slurm, status, resume
void add_components(CommandLine& line);
void add_db(CommandLine& line);  ///< backup, verify, restore, stats
void add_version(CommandLine& line);
void add_local(CommandLine& line);
void add_completion(CommandLine& line);
void add_complete(CommandLine& line);  ///< Hidden: what completion scripts ask.
void add_core(CommandLine& line);      ///< core_commands(), for the help only; run() hands over before parsing

/// Watches until the sweep has ended; the exit code is kExitIncomplete when `judge` and some trials have no result,
/// kExitInterrupted with a word on how to come back, and kExitTimeOver when it has not ended within `at_most`.
Result<int> watch_sweep(Session& session, const v1::SweepRef& sweep, bool judge,
                        std::optional<std::chrono::milliseconds> at_most = std::nullopt);

/// The results in the session's format; `metrics` are chosen ones or empty.
struct ResultsOptions {
  std::string sweep;
  std::vector<std::string> metrics, by, filters;
  std::string sort, over;
  bool strict = false;
};
Result<int> show_results(Session& session, const ResultsOptions& options);
/// --metric and --by.
void add_table_options(CLI::App* command, ResultsOptions& options);

/// --where AXIS=LABEL,...: only trials with these labels.
void add_where(CLI::App* command, std::vector<std::string>& where);

/// SWEEP or `trial ID`, and --where, for file_selection.
std::shared_ptr<FileOwners> add_file_owners(CLI::App* command);

/// Refuses what is no id, in words for people.
CLI::Validator an_id();

/// Adds each AXIS=LABEL of --filter.
Status add_filters(const std::vector<std::string>& filters, google::protobuf::RepeatedPtrField<v1::Label>& labels);

/// Words separated by commas, in any of the given texts.
std::vector<std::string> split_commas(const std::vector<std::string>& texts);

}  // namespace oodml::cli
