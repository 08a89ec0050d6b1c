#include "coordinator/cli/top/top_tables.h"

#include <algorithm>
#include <limits>
#include <set>

#include "coordinator/cli/output/progress_bar.h"
#include "coordinator/cli/output/table.h"
#include "coordinator/cli/output/text.h"
#include "core/base/words.h"

namespace oodml::cli {
namespace {

constexpr std::size_t kBarWidth = 12;

std::vector<std::string> lines_of(const Table& table, const Style& style) {
  std::vector<std::string> lines;
  const std::string text = table.text(style);
  for (std::size_t start = 0; start < text.size();) {
    const std::size_t end = std::min(text.find('\n', start), text.size());
    lines.push_back(text.substr(start, end - start));
    start = end + 1;
  }
  return lines;
}

double share_over(const v1::SweepSummary& sweep) {
  return sweep.trials() == 0 ? 1 : static_cast<double>(over(sweep.counts())) / static_cast<double>(sweep.trials());
}

/// Trials that run count half: how far each is would be a call for each sweep.
std::string bar_of(const v1::SweepSummary& sweep, const Style& style) {
  const auto& counts = sweep.counts();
  return progress_bar({.succeeded = static_cast<double>(counts.succeeded()),
                       .failed = static_cast<double>(counts.failed() + counts.cancelled()),
                       .running = static_cast<double>(counts.running()) / 2,
                       .total = static_cast<double>(sweep.trials())},
                      kBarWidth, {.utf8 = style.utf8});
}

/// "2 NVIDIA H200, cpu": what the slots are, each once with how many.
std::string devices_text(const v1::WorkerInfo& worker) {
  std::map<std::string, int> counts;
  for (const auto& slot : worker.slots()) ++counts[slot.model().empty() ? slot.device() : slot.model()];
  std::vector<std::string> words;
  for (const auto& [device, count] : counts) {
    words.push_back((count > 1 ? std::to_string(count) + " " : "") + one_line(device));
  }
  return words.empty() ? "-" : joined(words);
}

/// Why it, or some of its slots, take no trials, if they do not.
std::string mark_text(const v1::WorkerSummary& summary) {
  if (!summary.mark().empty()) return summary.mark() + " " + one_line(summary.mark_reason());
  if (!summary.worker().set_aside().empty()) return one_line(summary.worker().set_aside());
  std::vector<std::string> slots;
  for (const auto& slot : summary.worker().slots()) {
    if (!slot.set_aside().empty()) slots.push_back(slot.name() + ": " + one_line(slot.set_aside()));
  }
  return joined(slots, "; ");
}

std::string ids_text(const google::protobuf::RepeatedField<std::int64_t>& ids) {
  std::vector<std::string> words;
  for (const std::int64_t id : ids) words.push_back(std::to_string(id));
  return words.empty() ? "-" : joined(words);
}

}  // namespace

std::vector<const v1::SweepSummary*> sorted_sweeps(const TopModel& model, TopOrder order) {
  constexpr double kNever = std::numeric_limits<double>::infinity();
  std::vector<const v1::SweepSummary*> sweeps;
  for (const auto& sweep : model.look()->sweeps.sweeps()) sweeps.push_back(&sweep);
  const auto comes_first = [&](const v1::SweepSummary* a, const v1::SweepSummary* b) {
    if ((a->state() == "running") != (b->state() == "running")) return a->state() == "running";
    switch (order) {
      case TopOrder::kNewest:
        return a->sweep_id() > b->sweep_id();
      case TopOrder::kName:
        return a->name() < b->name();
      case TopOrder::kProgress:
        return share_over(*a) > share_over(*b);
      case TopOrder::kFailures:
        return a->counts().failed() > b->counts().failed();
      case TopOrder::kTimeLeft:
        return model.seconds_left(*a).value_or(kNever) < model.seconds_left(*b).value_or(kNever);
    }
    return false;
  };
  std::ranges::stable_sort(sweeps, comes_first);
  return sweeps;
}

std::vector<std::string> sweep_lines(const TopModel& model, const std::vector<const v1::SweepSummary*>& sweeps,
                                     const Style& style) {
  Table table({{"ID", Align::kRight},
               {"NAME", Align::kLeft, Overflow::kShorten},
               {"OWNER", Align::kLeft, Overflow::kShorten, 4},
               {"STATE"},
               {"PROGRESS", Align::kLeft, Overflow::kKeep, 1},
               {"DONE", Align::kRight},
               {"FAIL", Align::kRight},
               {"RUN", Align::kRight},
               {"WAIT", Align::kRight, Overflow::kKeep, 3},
               {"TRIALS/H", Align::kRight, Overflow::kKeep, 2},
               {"LEFT", Align::kRight}});
  for (const v1::SweepSummary* sweep : sweeps) {
    const auto& counts = sweep->counts();
    const std::optional<double> rate = model.trials_per_hour(*sweep), left = model.seconds_left(*sweep);
    table.add({std::to_string(sweep->sweep_id()), one_line(sweep->name()), one_line(sweep->owner()),
               Cell(sweep->state(), colour_of_state(sweep->state())), bar_of(*sweep, style),
               of_total(over(counts), sweep->trials()),
               Cell(std::to_string(counts.failed()), counts.failed() > 0 ? Colour::kRed : Colour::kNone),
               std::to_string(counts.running()), std::to_string(counts.queued() + counts.backoff() + counts.paused()),
               rate ? fixed_text(*rate, *rate < 10 ? 1 : 0) : "-", left ? duration_text(*left) : "-"});
  }
  return lines_of(table, style);
}

std::vector<std::string> worker_lines(const std::vector<const v1::WorkerSummary*>& workers, const Style& style) {
  Table table({{"WORKER", Align::kLeft, Overflow::kShorten},
               {"STATE"},
               {"BUSY", Align::kRight},
               {"TRIALS", Align::kLeft, Overflow::kShorten},
               {"DEVICES", Align::kLeft, Overflow::kShorten, 3},
               {"DISK FREE", Align::kRight, Overflow::kKeep, 2},
               {"TAKES NO TRIALS", Align::kLeft, Overflow::kShorten, 1}});
  for (const v1::WorkerSummary* summary : workers) {
    const v1::WorkerInfo& worker = summary->worker();
    table.add({one_line(worker.worker_id()), Cell(summary->state(), colour_of_state(summary->state())),
               std::to_string(summary->running_trials_size()) + "/" + std::to_string(worker.slots_size()),
               ids_text(summary->running_trials()), devices_text(worker),
               worker.has_disk() ? bytes_text(worker.disk().free_bytes()) : "-",
               Cell(mark_text(*summary), Colour::kYellow)});
  }
  return lines_of(table, style);
}

std::vector<std::string> queue_lines(const v1::ListSharesReply& shares, const Style& style) {
  Table table({{"OWNER", Align::kLeft, Overflow::kShorten},
               {"WEIGHT", Align::kRight},
               {"RUNNING", Align::kRight},
               {"WAITING", Align::kRight},
               {"USED, H", Align::kRight}});
  for (const v1::Share& share : shares.shares()) {
    table.add({share.owner().empty() ? "-" : one_line(share.owner()), fixed_text(share.weight(), 1),
               std::to_string(share.running()), std::to_string(share.waiting()), fixed_text(share.used() / 3600, 1)});
  }
  return lines_of(table, style);
}

std::vector<std::string> failure_lines(const std::vector<SeenFailure>& failures, std::int64_t now_millis,
                                       const Style& style) {
  Table table({{"FAILED", Align::kRight},
               {"SWEEP", Align::kLeft, Overflow::kShorten, 2},
               {"WORKER", Align::kLeft, Overflow::kShorten, 3},
               {"WHEN", Align::kLeft, Overflow::kKeep, 1},
               {"HOW", Align::kLeft, Overflow::kShorten}});
  for (const SeenFailure& failure : failures) {
    const v1::TrialSummary& trial = failure.trial;
    const std::string how = trial.outcome() + (trial.message().empty() ? "" : ": " + one_line(trial.message()));
    table.add({std::to_string(trial.trial_id()), one_line(failure.sweep), one_line(trial.worker_id()),
               ago_text(trial.finished_millis(), now_millis), Cell(how, Colour::kRed)});
  }
  return lines_of(table, style);
}

}  // namespace oodml::cli
