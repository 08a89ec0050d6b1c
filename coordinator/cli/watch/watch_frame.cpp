#include "coordinator/cli/watch/watch_frame.h"

#include <algorithm>

#include "coordinator/cli/output/metric_text.h"
#include "coordinator/cli/output/progress_bar.h"
#include "coordinator/cli/output/sweeps_text.h"
#include "coordinator/cli/output/table.h"
#include "coordinator/cli/output/trial_text.h"

namespace oodml::cli {
namespace {

constexpr std::size_t kFailuresShown = 3;
constexpr std::size_t kReasonsShown = 3;

std::vector<std::string> lines_of(const std::string& text) {
  std::vector<std::string> lines;
  for (std::size_t start = 0; start < text.size();) {
    const std::size_t end = std::min(text.find('\n', start), text.size());
    lines.push_back(text.substr(start, end - start));
    start = end + 1;
  }
  return lines;
}

std::vector<std::string> head(const WatchModel& model, std::int64_t now, const Style& style) {
  const v1::SweepSummary& sweep = *model.sweep();
  const auto& counts = sweep.counts();
  const std::int64_t over = counts.succeeded() + counts.failed() + counts.cancelled();
  const BarParts parts{.succeeded = static_cast<double>(counts.succeeded()),
                       .failed = static_cast<double>(counts.failed() + counts.cancelled()),
                       .running = model.running_share(),
                       .total = static_cast<double>(sweep.trials())};
  const std::string done = " " + of_total(over, sweep.trials());
  const std::optional<double> left = model.seconds_left(now);
  const std::string time = left ? std::string(style.separator()) + "about " + duration_text(*left) + " left" : "";
  const std::size_t room = style.width == 0 ? 80 : style.width;
  // Colours cannot be cut through; where they have no room the words alone are cut.
  const std::string words = counts_text(counts, {.utf8 = style.utf8});
  const std::string counts_line =
      display_width(words) > room ? shortened(words, room, style) : counts_text(counts, style);
  const std::size_t tail = display_width(done) + display_width(time);
  const std::size_t bar = std::min<std::size_t>(60, room > tail + 10 ? room - tail : 10);
  return {style.paint(Colour::kBold, shortened(sweep.name(), room > 40 ? room - 30 : 10, style)) + " (sweep " +
              std::to_string(sweep.sweep_id()) + ") " + style.paint(colour_of_state(sweep.state()), sweep.state()),
          progress_bar(parts, bar, style) + done + time, counts_line};
}

std::vector<std::string> running(const WatchModel& model, const Style& style) {
  const std::set<std::string> axes = model.telling_axes();
  std::vector<Column> columns = {{"TRIAL", Align::kRight}};
  for (const std::string& axis : axes) columns.push_back({axis, Align::kLeft, Overflow::kKeep, 3});
  for (const auto& [title, drop] : {std::pair{"EPOCH", 0}, {"STEP", 2}, {"LOSS", 0}, {"R@1 %", 0}, {"LEFT", 1}}) {
    columns.push_back({title, Align::kRight, Overflow::kKeep, drop});
  }
  columns.push_back({"PHASE", Align::kLeft, Overflow::kKeep, 4});
  columns.push_back({"WHERE", Align::kLeft, Overflow::kShorten, 5});
  Table table(columns);
  for (const auto& [id, trial] : model.trials()) {
    if (trial.state() != "running") continue;
    std::vector<Cell> row = {std::to_string(id)};
    for (const std::string& axis : axes) {
      const auto& labels = trial.labels();
      const auto found = std::find_if(labels.begin(), labels.end(), [&](const auto& l) { return l.axis() == axis; });
      row.emplace_back(found == labels.end() ? "-" : found->label());
    }
    const bool known = trial.has_progress();
    const auto& progress = trial.progress();
    row.emplace_back(known ? of_total(progress.epoch(), progress.epochs_total()) : "-");
    row.emplace_back(known ? of_total(progress.step(), progress.steps_total()) : "-");
    row.emplace_back(known ? fixed_text(progress.loss(), 4) : "-");
    row.emplace_back(trial.has_newest_recall() ? metric_value_text("e_recall@1", trial.newest_recall().value()) : "-");
    row.emplace_back(known && progress.seconds_left() >= 0 ? duration_text(progress.seconds_left()) : "-");
    row.emplace_back(known ? progress.phase() : "starting");
    row.emplace_back(trial.worker_id() + " " + trial.slot());
    table.add(std::move(row));
  }
  return table.empty() ? std::vector<std::string>() : lines_of(table.text(style));
}

std::vector<std::string> reasons(const WatchModel& model, const Style& style) {
  std::map<std::string, std::int64_t> trials_by_reason;
  for (const auto& [id, trial] : model.trials()) {
    if (trial.state() == "queued" && !trial.waiting_for().empty()) ++trials_by_reason[one_line(trial.waiting_for())];
    if (trial.state() == "backoff") {
      ++trials_by_reason["to be tried again after " + one_line(trial.outcome() + ": " + trial.message())];
    }
  }
  std::vector<std::string> lines;
  for (const auto& [reason, n] : trials_by_reason) {
    if (lines.size() == kReasonsShown) break;
    const std::string text = counted(n, "trial") + (n == 1 ? " waits: " : " wait: ") + reason;
    lines.push_back(style.paint(Colour::kYellow, style.width > 0 ? shortened(text, style.width, style) : text));
  }
  return lines;
}

std::vector<std::string> failures(const WatchModel& model, std::int64_t now, const Style& style) {
  std::vector<const v1::TrialSummary*> failed;
  for (const auto& [id, trial] : model.trials()) {
    if (trial.state() == "failed") failed.push_back(&trial);
  }
  std::stable_sort(failed.begin(), failed.end(),
                   [](const auto* a, const auto* b) { return a->finished_millis() > b->finished_millis(); });
  if (failed.size() > kFailuresShown) failed.resize(kFailuresShown);
  std::vector<std::string> lines;
  for (const auto* trial : failed) {
    const std::string text =
        "Trial " + std::to_string(trial->trial_id()) + " failed, " + one_line(trial_note(*trial, now));
    lines.push_back(style.paint(Colour::kRed, style.width > 0 ? shortened(text, style.width, style) : text));
  }
  return lines;
}

/// `lines` cut to `room`, the last of them saying how much is missing.
void append_at_most(std::vector<std::string>& frame, std::vector<std::string> lines, std::size_t room) {
  if (lines.size() > room) {
    if (room < 2) return;
    const std::size_t hidden = lines.size() - room + 1;
    lines.resize(room - 1);
    lines.push_back("and " + std::to_string(hidden) + " more");
  }
  frame.insert(frame.end(), lines.begin(), lines.end());
}

}  // namespace

std::vector<std::string> watch_frame(const WatchModel& model, std::string_view connection, std::int64_t now_millis,
                                     std::size_t height, const Style& style) {
  std::vector<std::string> frame;
  if (!model.sweep()) {
    const std::string text = connection.empty() ? "Waiting for the coordinator" : one_line(connection);
    frame.push_back(style.width > 0 ? shortened(text, style.width, style) : text);
    return frame;
  }
  frame = head(model, now_millis, style);
  std::vector<std::string> foot = reasons(model, style);
  for (std::string& line : failures(model, now_millis, style)) foot.push_back(std::move(line));
  if (!connection.empty()) {
    const std::string text = one_line(connection);
    foot.push_back(style.paint(Colour::kYellow, style.width > 0 ? shortened(text, style.width, style) : text));
  }
  const auto room = [&](std::size_t reserved) {
    return height > frame.size() + reserved ? height - frame.size() - reserved : 0;
  };
  append_at_most(frame, running(model, style), room(foot.size()));
  append_at_most(frame, std::move(foot), room(0));
  if (frame.size() > height) frame.resize(height);
  return frame;
}

}  // namespace oodml::cli
