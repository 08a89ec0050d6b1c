#include "core/trial/console.h"

#include <fmt/format.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include <algorithm>
#include <cmath>
#include <utility>
#include <variant>

#include "core/base/print.h"
#include "core/base/rough_duration.h"
#include "core/catalogue/few_shot.h"

namespace oodml::trial {
namespace {

std::size_t terminal_width() {
  winsize size = {};
  return ioctl(STDERR_FILENO, TIOCGWINSZ, &size) == 0 && size.ws_col > 0 ? size.ws_col : 80;
}

std::string bar(double share) {
  constexpr int kWidth = 20;
  const int full = static_cast<int>(std::clamp(share, 0.0, 1.0) * kWidth);
  return std::string(full, '#') + std::string(kWidth - full, '.');
}

bool is_few_shot(const job::Metric& metric) { return catalogue::few_shot_figure(metric.name).has_value(); }

/// Epochs have a line each, and so have episodes.
bool begins_line(const job::Metric& before, const job::Metric& metric) {
  return before.epoch != metric.epoch || (before.set != metric.set && is_few_shot(metric));
}

}  // namespace

Console::Console(Mode mode, std::int64_t batch_size, const Clock& clock)
    : mode_(mode), batch_size_(batch_size), clock_(clock) {}

void Console::show(const job::EventBody& body) {
  if (mode_ == Mode::kSilent) return;
  if (const auto* metric = std::get_if<job::Metric>(&body)) return show_metric(*metric);
  if (const auto* progress = std::get_if<job::Progress>(&body)) return show_progress(*progress);
  if (std::holds_alternative<job::Checkpoint>(body)) return;
  finish_epoch();
  if (const auto* warning = std::get_if<job::Warning>(&body)) print("warning: " + warning->message);
  if (const auto* failed = std::get_if<job::Failed>(&body)) print("failed (" + failed->kind + "): " + failed->message);
  if (const auto* done = std::get_if<job::Done>(&body)) print(fmt::format("done after {} epochs", done->epochs));
  if (const auto* stopped = std::get_if<job::Stopped>(&body)) {
    print(fmt::format("stopped after {} epochs and {} steps; the same command goes on from there", stopped->epoch,
                      stopped->step));
  }
}

void Console::show_metric(const job::Metric& metric) {
  if (!epoch_.empty() && begins_line(epoch_.back(), metric)) finish_epoch();
  if (metric.name.starts_with("e_recall@") && (newest_recall_.empty() || metric.name == "e_recall@1")) {
    newest_recall_ = fmt::format("  {} {} {:.4f}", metric.set, metric.name, metric.value);
  }
  epoch_.push_back(metric);
}

void Console::finish_epoch() {
  if (mode_ == Mode::kSilent || epoch_.empty()) return;
  std::string line =
      fmt::format("{} {}", is_few_shot(epoch_.front()) ? "few-shot of epoch" : "epoch", epoch_.front().epoch);
  std::string set = "train";
  for (const job::Metric& metric : std::exchange(epoch_, {})) {
    if (metric.set != set) line += "  |  " + (set = metric.set);
    line += fmt::format("  {} {:.4f}", metric.name, metric.value);
  }
  print(line);
}

void Console::show_progress(const job::Progress& progress) {
  const auto now = clock_.steady_now();
  const double seconds = std::chrono::duration<double>(now - last_time_).count();
  if (last_step_ >= 0 && progress.step > last_step_ && seconds > 0) {
    speed_ =
        fmt::format("  {:.0f} images/s", static_cast<double>((progress.step - last_step_) * batch_size_) / seconds);
  }
  last_step_ = progress.step;
  last_time_ = now;
  if (mode_ != Mode::kTerminal) return;
  const double share = progress.steps_total > 0 ? double(progress.step) / double(progress.steps_total) : 0.0;
  std::string line = fmt::format("[{}] {} epoch {}/{}  step {}/{}", bar(share), progress.phase, progress.epoch,
                                 progress.epochs_total, progress.step, progress.steps_total);
  if (!std::isnan(progress.loss)) line += fmt::format("  loss {:.4f}", progress.loss);
  line += newest_recall_ + speed_;
  if (progress.seconds_left >= 0) line += "  " + rough_duration(progress.seconds_left) + " left";
  redraw(line);
}

void Console::print(const std::string& line) {
  if (mode_ == Mode::kTerminal) {
    print_note((std::exchange(line_is_open_, false) ? "\r\x1b[K" : "") + line + "\n");
  } else {
    (void)print_out(line + "\n");  // who looks on may have left; the figures are in events.log
  }
}

void Console::redraw(const std::string& line) {
  print_note("\r\x1b[K" + line.substr(0, terminal_width() - 1));
  line_is_open_ = true;
}

}  // namespace oodml::trial
