#include "coordinator/cli/local/smoke.h"

#include <algorithm>
#include <chrono>
#include <map>
#include <set>
#include <thread>

#include "coordinator/cli/local/child_process.h"
#include "coordinator/cli/local/programs.h"
#include "coordinator/cli/output/text.h"
#include "core/base/atomic_file.h"
#include "core/base/exit_code.h"
#include "core/base/ids.h"
#include "core/base/words.h"
#include "core/job/program.h"
#include "core/sweep/sweep.h"

namespace oodml::cli {
namespace {

namespace fs = std::filesystem;

constexpr std::int64_t kSteps = 2;
constexpr std::int64_t kImagesPerClass = 16;  // enough for every recall@k that the studies ask for
constexpr std::chrono::milliseconds kLookAgain{50};

std::string row_of(const job::PlannedTrial& trial, const job::SweepPlan& plan) {
  std::vector<std::string> words;
  for (const job::Axis& axis : plan.axes) {
    const auto label = trial.labels.find(axis.name);
    if (axis.name == plan.replicate_axis || axis.name == job::kGroupAxis || label == trial.labels.end()) continue;
    words.push_back(axis.name + "=" + label->second);
  }
  return words.empty() ? "all trials" : joined(words, " ");
}

/// Few-shot episodes need the images that they draw; others are content with the first of each class.
job::TrialSpec shortest_like(job::TrialSpec spec) {
  Params& values = spec.values;
  const auto at_most = [&](const char* key, std::int64_t most) {
    const std::int64_t now = values.value_or<std::int64_t>(key, 0);
    values.set(key, now == 0 ? most : std::min(now, most));
  };
  if (values.value_or<std::int64_t>("epochs", 0) > 1) values.set("epochs", std::int64_t{1});
  values.set("steps_per_epoch", kSteps);
  values.set("evaluate.every", std::int64_t{1});
  values.set("evaluate.before_training", false);
  if (values.value_or<std::vector<std::int64_t>>("few_shot.shots", {}).empty())
    at_most("images_per_class", kImagesPerClass);
  for (const char* key : {"log.gradients", "log.csv", "log.tensorboard"}) values.set(key, false);
  values.set("keep_best", std::vector<std::string>());
  return spec;
}

/// How a process ended; empty when it is done well.
struct Ended {
  std::string failure;
  bool interrupted = false;
  double seconds = 0;  ///< From its start to its end.
};

/// The last line that it printed, which says why it failed.
std::string last_line(const std::string& text) {
  std::string line = text;
  while (!line.empty() && (line.back() == '\n' || line.back() == ' ')) line.pop_back();
  return one_line(line.substr(line.rfind('\n') == std::string::npos ? 0 : line.rfind('\n') + 1));
}

class SmokeRun {
 public:
  /// From here on stopping is ours, as the children must be ended: one count for all of them, or an interrupt between
  /// two would be nobody's.
  SmokeRun(Session& session, const SmokePlaces& places, fs::path program, fs::path folder)
      : session_(session),
        places_(places),
        program_(std::move(program)),
        folder_(std::move(folder)),
        interrupts_before_(session.around.interrupts()) {}

  Result<Ended> run(const job::TrialSpec& spec, const std::string& name) {
    const fs::path place = folder_ / name;
    OODML_RETURN_IF_ERROR(make_folders(place));
    OODML_RETURN_IF_ERROR(write_file_atomically(place / "smoke.yaml", sweep::trial_file_text(spec)));
    std::vector<std::string> arguments = {"run",
                                          (place / "smoke.yaml").string(),
                                          "--run-dir",
                                          (place / "run").string(),
                                          "--benchmarks-root",
                                          places_.data.benchmarks.string()};
    const auto add = [&](const char* option, const fs::path& value) {
      arguments.insert(arguments.end(), {option, value.string()});
    };
    if (!places_.data.weights.empty()) add("--weights-root", places_.data.weights);
    if (places_.allow_scripts) arguments.emplace_back("--allow-scripts");
    if (places_.allow_scripts) add("--scripts-root", places_.scripts.empty() ? fs::path(".") : places_.scripts);
    const auto begin = session_.around.clock.steady_now();
    OODML_ASSIGN_OR_RETURN(ChildProcess child, ChildProcess::start(program_, arguments, place / "log.txt"));
    std::optional<std::string> end;
    while (!(end = child.ended())) {
      if (session_.around.interrupts() > interrupts_before_)
        return Ended{.failure = "interrupted", .interrupted = true};
      std::this_thread::sleep_for(kLookAgain);
    }
    Ended ended{.seconds = std::chrono::duration<double>(session_.around.clock.steady_now() - begin).count()};
    if (*end == "exit code 0") return ended;
    const std::string said = last_line(child.log_tail());
    ended.failure = said.empty() ? "ended with " + *end : said;
    return ended;
  }

 private:
  Session& session_;
  const SmokePlaces& places_;
  fs::path program_, folder_;
  const int interrupts_before_;
};

/// The rows that programs of people's own run, each with its program.
std::map<std::string, std::string> program_rows(const job::SweepPlan& plan) {
  std::map<std::string, std::string> rows;
  for (const job::PlannedTrial& trial : plan.trials) {
    if (!job::program_of(trial.spec).empty()) rows.emplace(row_of(trial, plan), job::program_of(trial.spec));
  }
  return rows;
}

void tell(Session& session, const std::string& row, const Ended& end) {
  const bool ok = end.failure.empty();
  if (session.json()) {
    return session.print(
        json_line({{"row", row}, {"ok", ok}, {"seconds", end.seconds}, {"message", ok ? Json() : Json(end.failure)}}));
  }
  const Style& style = session.around.out_style;
  session.print((ok ? style.paint(Colour::kGreen, "ok    ") : style.paint(Colour::kRed, "failed")) + "  " +
                one_line(row) + " (" + fixed_text(end.seconds, 1) + " s)" + (ok ? "" : ": " + end.failure) + "\n");
}

}  // namespace

std::vector<SmokeTrial> smoke_trials(const job::SweepPlan& plan) {
  std::vector<SmokeTrial> trials;
  std::set<std::string> met;
  for (const job::PlannedTrial& trial : plan.trials) {
    if (!job::program_of(trial.spec).empty()) continue;
    std::string row = row_of(trial, plan);
    if (met.insert(row).second) trials.push_back({std::move(row), shortest_like(trial.spec)});
  }
  return trials;
}

Result<int> run_smoke(Session& session, const job::SweepPlan& plan, const SmokePlaces& places) {
  OODML_ASSIGN_OR_RETURN(const fs::path program, program_beside("oodml-core"));
  std::error_code error;
  const fs::path folder = fs::temp_directory_path(error) / ("oodml-smoke-" + random_hex_128());
  if (error) return system_failure("the folder for temporary files", error.value());
  SmokeRun runs(session, places, program, folder);
  std::map<std::string, Ended> known;  // by fingerprint: rows that differ in the number of epochs alone are one
  std::size_t failed = 0;
  for (const auto& [row, program] : program_rows(plan)) {
    session.note(one_line(row) + " is not tried: its program '" + one_line(program) +
                 "' is its worker's, which alone knows how to start it.\n");
  }
  for (const SmokeTrial& trial : smoke_trials(plan)) {
    const std::string print = sweep::fingerprint(trial.spec);
    auto found = known.find(print);
    if (found == known.end()) {
      OODML_ASSIGN_OR_RETURN(Ended end, runs.run(trial.spec, std::to_string(known.size() + 1)));
      found = known.emplace(print, std::move(end)).first;
    }
    if (found->second.interrupted) return kExitInterrupted;
    tell(session, trial.row, found->second);
    failed += found->second.failure.empty() ? 0 : 1;
  }
  double seconds = 0;
  for (const auto& [print, end] : known) seconds += end.seconds;
  session.note("Cost of it: " + counted(std::ssize(known), "short trial") + ", " + fixed_text(seconds, 1) +
               " s here, one after another; nothing of it counts.\n");
  if (failed > 0) {
    session.note("What they printed lies in " + folder.string() + ".\n");
    return kExitFailed;
  }
  fs::remove_all(folder, error);  // what cannot be removed is the system's to clear
  return kExitDone;
}

}  // namespace oodml::cli
