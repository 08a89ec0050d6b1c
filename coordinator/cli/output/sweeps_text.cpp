#include "coordinator/cli/output/sweeps_text.h"

#include <algorithm>
#include <cstdio>
#include <map>

#include "coordinator/cli/output/metric_text.h"
#include "coordinator/cli/output/table.h"
#include "coordinator/cli/output/trial_text.h"
#include "core/base/clock.h"
#include "core/base/words.h"
#include "core/job/sweep_plan.h"

namespace oodml::cli {
namespace {

std::string minute_text(std::int64_t millis) {
  std::string text = to_iso8601(from_millis(millis)).substr(0, 16);
  text[10] = ' ';
  return text + " UTC";
}

std::string heading(const v1::SweepSummary& sweep, std::int64_t now, const Style& style) {
  std::string text = style.paint(Colour::kBold, "Sweep " + std::to_string(sweep.sweep_id()) + " " + sweep.name()) +
                     "  " + style.paint(colour_of_state(sweep.state()), sweep.state()) + "\n";
  text += "Submitted " + minute_text(sweep.created_millis()) + " (" + ago_text(sweep.created_millis(), now) + ")";
  if (sweep.finished_millis() != 0) {
    const double seconds = static_cast<double>(sweep.finished_millis() - sweep.created_millis()) / 1000.0;
    text += ", ended after " + duration_text(seconds);
  }
  if (!sweep.owner().empty()) text += ", owner " + sweep.owner();
  if (sweep.priority() != 0) text += ", priority " + std::to_string(sweep.priority());
  return text + "\n" + counted(sweep.trials(), "trial") + ": " + counts_text(sweep.counts(), style) + "\n";
}

/// "margin: 12, triplet: 10"; of very many labels with as many trials each "5 each". Groups repeat the labels of the
/// other axes in long names, so that of them a few are many.
std::string counts_of(const v1::AxisCount& axis) {
  const int many = axis.axis() == job::kGroupAxis ? 6 : 24;
  const int labels = std::min(axis.labels_size(), axis.counts_size());
  const auto& counts = axis.counts();
  const auto differs = [&](auto count) { return count != counts[0]; };
  if (labels > many && std::none_of(counts.begin(), counts.end(), differs)) return std::to_string(counts[0]) + " each";
  std::vector<std::string> words;
  for (int i = 0; i < labels; ++i) words.push_back(axis.labels(i).label() + ": " + std::to_string(counts[i]));
  return joined(words);
}

std::string axes_text(const google::protobuf::RepeatedPtrField<v1::AxisCount>& axes, const Style& style) {
  Table table({{"AXIS"}, {"VALUES", Align::kRight}, {"TRIALS BY VALUE", Align::kLeft, Overflow::kWrap}});
  for (const auto& axis : axes) {
    table.add({axis.axis(), std::to_string(axis.labels_size()), counts_of(axis)});
  }
  return table.empty() ? "" : table.text(style);
}

/// The axes that tell trials apart: those with more than one label. A group says the same in one word.
std::vector<std::string> telling_axes(const google::protobuf::RepeatedPtrField<v1::AxisCount>& axes) {
  std::vector<std::string> names;
  for (const auto& axis : axes) {
    if (axis.labels_size() > 1 && axis.axis() != job::kGroupAxis) names.push_back(axis.axis());
  }
  return names;
}

std::string upper(std::string text) {
  std::transform(text.begin(), text.end(), text.begin(), [](unsigned char c) { return std::toupper(c); });
  return text;
}

template <typename Labels>
std::string label_of(const Labels& labels, const std::string& axis) {
  for (const auto& label : labels) {
    if (label.axis() == axis) return label.label();
  }
  return "-";
}

std::string trials_text(const v1::GetReply& reply, std::int64_t now, const Style& style) {
  const std::vector<std::string> axes = telling_axes(reply.axes());
  std::vector<Column> columns = {{"TRIAL", Align::kRight}};
  for (const std::string& axis : axes) columns.push_back({upper(axis)});
  columns.push_back({"STATE"});
  columns.push_back({"TRY", Align::kRight, Overflow::kKeep, 4});
  columns.push_back({"WORKER", Align::kLeft, Overflow::kKeep, 5});
  columns.push_back({"EPOCH", Align::kRight, Overflow::kKeep, 3});
  columns.push_back({"BEST R@1 %", Align::kRight, Overflow::kKeep, 2});
  columns.push_back({"LAST R@1 %", Align::kRight, Overflow::kKeep, 1});
  columns.push_back({"NOTE", Align::kLeft, Overflow::kShorten, 6});
  Table table(columns);
  for (const auto& trial : reply.trials()) {
    std::vector<Cell> row = {std::to_string(trial.trial_id())};
    for (const std::string& axis : axes) row.emplace_back(label_of(trial.labels(), axis));
    row.emplace_back(trial.state(), colour_of_state(trial.state()));
    row.emplace_back(trial.attempt() > 0 ? std::to_string(trial.attempt()) : "");
    row.emplace_back(trial.worker_id().empty() ? "" : trial.worker_id() + " " + trial.slot());
    const auto& progress = trial.progress();
    row.emplace_back(
        trial.has_progress() ? std::to_string(progress.epoch()) + "/" + std::to_string(progress.epochs_total()) : "");
    row.emplace_back(trial.has_best_recall() ? metric_value_text("e_recall@1", trial.best_recall().value()) : "");
    row.emplace_back(trial.has_newest_recall() ? metric_value_text("e_recall@1", trial.newest_recall().value()) : "");
    row.emplace_back(trial_note(trial, now));
    table.add(std::move(row));
  }
  return table.empty() ? "" : "\n" + table.text(style);
}

/// The same words for many trials are said once: reasons and failures with how many trials they hold.
std::string groups_text(const v1::GetReply& reply, std::string_view state, const char* title, Colour colour,
                        std::int64_t now, const Style& style) {
  std::map<std::string, std::vector<std::string>> trials_by_note;
  for (const auto& trial : reply.trials()) {
    const std::string note = one_line(trial_note(trial, now));
    if (trial.state() == state && !note.empty()) trials_by_note[note].push_back(std::to_string(trial.trial_id()));
  }
  if (trials_by_note.empty()) return "";
  std::string text = std::string("\n") + title + "\n";
  for (auto& [note, ids] : trials_by_note) {
    const std::size_t n = ids.size();
    if (n > 6) ids.resize(6);
    const std::string who =
        (n == 1 ? "trial " : std::to_string(n) + " trials: ") + joined(ids) + (n > 6 ? ", ..." : "");
    text += "  " + style.paint(colour, note) + " (" + who + ")\n";
  }
  return text;
}

/// What run folders take on its disk, and what is free there.
std::string disk_text(const v1::WorkerInfo& worker) {
  if (!worker.has_disk()) return "-";
  return "runs " + bytes_text(worker.disk().runs_bytes()) + ", " + bytes_text(worker.disk().free_bytes()) + " free";
}

/// "12 GiB of checkpoints", of all of the trials or of some.
std::string checkpoints_text(const v1::Estimate& estimate, std::int64_t trials) {
  if (estimate.sized_trials() == 0) return "how much checkpoints take is not known";
  if (estimate.checkpoint_bytes() == 0) return "no checkpoints";
  const std::string text = bytes_text(estimate.checkpoint_bytes()) + " of checkpoints";
  return estimate.sized_trials() == trials ? text
                                           : text + " of " + of_total(estimate.sized_trials(), trials) + " trials";
}

/// "4 x NVIDIA H200, AMD EPYC 9654": what the slots are of.
std::string devices_text(const v1::WorkerInfo& worker) {
  std::map<std::string, std::int64_t> counts;
  for (const auto& slot : worker.slots()) {
    if (!slot.model().empty()) ++counts[one_line(slot.model())];
  }
  std::vector<std::string> words;
  for (const auto& [model, count] : counts) words.push_back((count > 1 ? std::to_string(count) + " x " : "") + model);
  return words.empty() ? "unknown" : joined(words);
}

}  // namespace

std::string counts_text(const v1::StateCounts& counts, const Style& style) {
  const std::pair<const char*, std::int64_t> parts[] = {{"succeeded", counts.succeeded()}, {"failed", counts.failed()},
                                                        {"running", counts.running()},     {"queued", counts.queued()},
                                                        {"backoff", counts.backoff()},     {"paused", counts.paused()},
                                                        {"cancelled", counts.cancelled()}};
  std::vector<std::string> words;
  for (const auto& [state, n] : parts) {
    if (n > 0) words.push_back(style.paint(colour_of_state(state), std::to_string(n) + " " + state));
  }
  return joined(words);
}

std::string list_text(const v1::ListReply& reply, std::int64_t now_millis, const Style& style) {
  if (reply.sweeps().empty()) return "No sweeps yet. Submit one with: oodml submit SWEEP.yaml\n";
  const bool owned =
      std::ranges::any_of(reply.sweeps(), [](const v1::SweepSummary& sweep) { return !sweep.owner().empty(); });
  std::vector<Column> columns = {{"ID", Align::kRight},
                                 {"NAME", Align::kLeft, Overflow::kShorten},
                                 {"STATE"},
                                 {"TRIALS", Align::kRight},
                                 {"DONE", Align::kRight},
                                 {"FAILED", Align::kRight},
                                 {"RUNNING", Align::kRight},
                                 {"WAITING", Align::kRight, Overflow::kKeep, 2},
                                 {"SUBMITTED", Align::kLeft, Overflow::kKeep, 1}};
  if (owned) columns.insert(columns.begin() + 2, Column{"OWNER", Align::kLeft, Overflow::kKeep, 3});
  Table table(columns);
  for (const auto& sweep : reply.sweeps()) {
    const auto& counts = sweep.counts();
    const auto number = [](std::int64_t n) { return std::to_string(n); };
    std::vector<Cell> row = {number(sweep.sweep_id()),
                             sweep.name(),
                             Cell(sweep.state(), colour_of_state(sweep.state())),
                             number(sweep.trials()),
                             number(counts.succeeded()),
                             Cell(number(counts.failed()), counts.failed() > 0 ? Colour::kRed : Colour::kNone),
                             number(counts.running()),
                             number(counts.queued() + counts.backoff() + counts.paused()),
                             ago_text(sweep.created_millis(), now_millis)};
    if (owned) row.insert(row.begin() + 2, sweep.owner());
    table.add(std::move(row));
  }
  std::string text = table.text(style);
  if (reply.next_before_sweep_id() != 0) {
    text += "Older ones: oodml list --before " + std::to_string(reply.next_before_sweep_id()) + "\n";
  }
  return text;
}

std::string estimate_text(const v1::Estimate& estimate) {
  const std::int64_t trials = estimate.known_trials() + estimate.unknown_trials();
  std::string text;
  if (estimate.known_trials() > 0) {
    text = "Estimate: about " + duration_text(estimate.slot_hours() * 3600) + " of slot time";
    if (estimate.wall_hours() > 0) text += ", " + duration_text(estimate.wall_hours() * 3600) + " of wall time";
    text += " (" + joined(estimate.from()) + "); " + checkpoints_text(estimate, trials) + "\n";
  }
  if (estimate.unknown_trials() > 0) {
    text += std::to_string(estimate.unknown_trials()) + " of " + counted(trials, "trial") +
            (estimate.unknown_trials() == 1 ? " is" : " are") +
            " of a kind that has not run here yet: " + one_line(joined(estimate.unknown(), "; ")) + "\n";
  }
  return text;
}

std::string notes_text(const google::protobuf::RepeatedPtrField<std::string>& notes, const Style& style) {
  std::string text;
  for (const std::string& note : notes) text += style.paint(Colour::kYellow, "Note:") + " " + note + "\n";
  return text;
}

std::string sweep_text(const v1::GetReply& reply, std::int64_t hidden, std::int64_t now_millis, const Style& style) {
  std::string text = heading(reply.sweep(), now_millis, style);
  if (!reply.sweep().paused_because().empty()) {
    text += style.paint(Colour::kYellow, "Paused by itself:") + " " + one_line(reply.sweep().paused_because()) +
            "; `oodml resume` goes on\n";
  }
  text += estimate_text(reply.estimate());
  const std::string axes = axes_text(reply.axes(), style);
  if (!axes.empty()) text += "\n" + axes;
  text += trials_text(reply, now_millis, style);
  if (hidden > 0) text += counted(hidden, "more trial") + ": --all shows them, --only failed those that failed\n";
  text += groups_text(reply, "queued", "Why trials wait:", Colour::kYellow, now_millis, style);
  text += groups_text(reply, "failed", "How trials failed:", Colour::kRed, now_millis, style);
  return text;
}

std::string plan_text(const v1::PlanReply& reply, bool known_to_coordinator, const Style& style) {
  std::string text = style.paint(Colour::kBold, reply.name()) + ": " + counted(reply.trials(), "trial");
  if (known_to_coordinator) {
    const std::int64_t there = reply.trials() - reply.new_trials();
    text += ", " + std::to_string(reply.new_trials()) + " new, " + std::to_string(there) + " already there";
  }
  text += "\n\n" + axes_text(reply.axes(), style);
  text += known_to_coordinator ? estimate_text(reply.estimate())
                               : "No estimate: how long like trials took is known to the coordinator that ran them "
                                 "(--coordinator HOST:PORT), or to oodml local's folder (--state DIR)\n";
  text += notes_text(reply.notes(), style);
  if (!reply.refusal().empty()) {
    text += style.paint(Colour::kYellow, "A submission would be refused:") + " " + reply.refusal() + "\n";
  }
  if (reply.planned().empty()) return text;

  std::vector<Column> columns = {{"#", Align::kRight}};
  for (const auto& axis : reply.axes()) columns.push_back({upper(axis.axis())});
  columns.push_back({"FINGERPRINT", Align::kLeft, Overflow::kKeep, 1});
  if (known_to_coordinator) columns.push_back({"STATE"});
  Table table(columns);
  for (int i = 0; i < reply.planned_size(); ++i) {
    const auto& trial = reply.planned(i);
    std::vector<Cell> row = {std::to_string(i + 1)};
    for (const auto& axis : reply.axes()) row.emplace_back(label_of(trial.labels(), axis.axis()));
    row.emplace_back(trial.fingerprint().substr(0, 12));
    const std::string state = trial.state().empty() ? "new" : trial.state();
    if (known_to_coordinator) row.emplace_back(state, colour_of_state(state));
    table.add(std::move(row));
  }
  return text + "\n" + table.text(style);
}

std::string submit_text(const v1::SubmitReply& reply, const Style& style) {
  const std::int64_t shared = reply.trials() - reply.new_trials() - reply.rerun_trials();
  return "Submitted " + style.paint(Colour::kBold, "sweep " + std::to_string(reply.sweep_id())) + " " + reply.name() +
         ": " + counted(reply.trials(), "trial") +
         (shared > 0 ? ", " + std::to_string(shared) + " shared with earlier sweeps" : "") +
         (reply.rerun_trials() > 0 ? ", " + std::to_string(reply.rerun_trials()) + " run again" : "") + ".\n" +
         notes_text(reply.notes(), style);
}

std::string change_text(const v1::ChangeReply& reply, std::string_view done, const Style& style) {
  const v1::SweepSummary& sweep = reply.sweep();
  const std::string counts = counts_text(sweep.counts(), style);
  return std::string(done) + " " + counted(reply.changed(), "trial") + " of sweep " + std::to_string(sweep.sweep_id()) +
         " " + sweep.name() + (counts.empty() ? "" : " (now " + counts + ")") + ".\n";
}

std::string workers_text(const v1::ListWorkersReply& reply, std::int64_t now_millis, const Style& style) {
  if (reply.workers().empty()) return "No workers yet. Start one with: oodml-worker --coordinator HOST:PORT\n";
  std::string notes;
  Table table({{"WORKER"},
               {"STATE"},
               {"HOST", Align::kLeft, Overflow::kKeep, 3},
               {"SLOTS", Align::kLeft, Overflow::kWrap, 1},
               {"DEVICES", Align::kLeft, Overflow::kWrap, 6},
               {"BENCHMARKS", Align::kLeft, Overflow::kWrap},
               {"WEIGHTS", Align::kLeft, Overflow::kWrap, 4},
               {"RUNNING TRIALS", Align::kLeft, Overflow::kWrap},
               {"LAST SEEN"},
               {"DISK", Align::kLeft, Overflow::kWrap, 5},
               {"VERSION", Align::kLeft, Overflow::kKeep, 2}});
  for (const auto& summary : reply.workers()) {
    const v1::WorkerInfo& worker = summary.worker();
    std::vector<std::string> slots, benchmarks, running;
    const std::vector<std::string> weights(worker.weights().begin(), worker.weights().end());
    for (const auto& slot : worker.slots())
      slots.push_back(slot.name() + " (" + counted(slot.threads(), "thread") + ")");
    for (const auto& benchmark : worker.benchmarks()) benchmarks.push_back(benchmark.name());
    for (const auto id : summary.running_trials()) running.push_back(std::to_string(id));
    table.add({worker.worker_id(), Cell(summary.state(), colour_of_state(summary.state())), worker.host(),
               joined(slots), devices_text(worker), benchmarks.empty() ? "none" : joined(benchmarks),
               weights.empty() ? "none" : joined(weights), running.empty() ? "-" : joined(running),
               ago_text(summary.last_seen_millis(), now_millis), disk_text(worker), worker.version()});
    if (!summary.mark().empty()) {
      notes += worker.worker_id() + " is " + style.paint(colour_of_state("set aside"), summary.mark()) + " " +
               one_line(summary.mark_reason()) + "\n";
    }
    if (worker.ends_at_millis() > now_millis) {
      const auto seconds = static_cast<double>(worker.ends_at_millis() - now_millis) / 1000;
      notes += worker.worker_id() + " has a time limit and ends in " + duration_text(seconds) + "\n";
    }
    for (const auto& slot : worker.slots()) {
      if (slot.set_aside().empty()) continue;
      notes += "slot " + slot.name() + " of " + worker.worker_id() +
               " takes no trials: " + style.paint(colour_of_state("set aside"), one_line(slot.set_aside())) + "\n";
    }
    if (worker.set_aside().empty()) continue;
    notes += worker.worker_id() +
             " takes no trials: " + style.paint(colour_of_state("set aside"), one_line(worker.set_aside())) + "\n";
  }
  return table.text(style) + (notes.empty() ? "" : "\n" + notes);
}

}  // namespace oodml::cli
