#include "coordinator/cli/output/trial_text.h"

#include <map>
#include <tuple>

#include "coordinator/cli/output/metric_text.h"
#include "coordinator/cli/output/table.h"
#include "core/base/clock.h"
#include "core/base/params.h"
#include "core/base/words.h"
#include "core/catalogue/best_epoch.h"

namespace oodml::cli {
namespace {

std::string clock_text(std::int64_t millis) { return to_iso8601(from_millis(millis)).substr(11, 8); }

std::string ran_for(std::int64_t started, std::int64_t finished, std::int64_t now) {
  if (started == 0) return "";
  return duration_text(static_cast<double>((finished == 0 ? now : finished) - started) / 1000.0);
}

std::string text_or_unknown(const std::string& text) { return text.empty() ? "unknown" : text; }

/// "results version 1, images of birds 3f2a0b11, split 3 of birds 77ab90c2" of an attempt, or of what it said.
std::string identity_text(const auto& said) {
  constexpr std::size_t kHashShown = 8;
  std::vector<std::string> words;
  if (said.results_version() != 0) words.push_back("results version " + std::to_string(said.results_version()));
  for (const auto& stamp : said.data()) words.push_back(stamp.what() + " " + stamp.hash().substr(0, kHashShown));
  return words.empty() ? "unknown" : one_line(joined(words));
}

/// What each attempt's numbers depend on; said once where nothing changed.
std::string identities_text(const v1::GetTrialReply& reply) {
  std::string text;
  const v1::Attempt* before = nullptr;
  for (const auto& attempt : reply.attempts()) {
    const bool is_same = before != nullptr && identity_text(*before) == identity_text(attempt);
    if (!is_same)
      text += "Data from attempt " + std::to_string(attempt.attempt()) + " on: " + identity_text(attempt) + "\n";
    before = &attempt;
  }
  return text.empty() ? "" : "\n" + text;
}

/// Results that were there before the trial was run again.
std::string earlier_results_text(const v1::GetTrialReply& reply) {
  std::string text;
  for (const auto& attempt : reply.attempts()) {
    if (attempt.results().empty()) continue;
    text += "Earlier result, of attempt " + std::to_string(attempt.attempt()) + " (" +
            to_iso8601(from_millis(attempt.finished_millis())).substr(0, 19) + " UTC), which counts no more: " +
            percent_figures_text({attempt.results().begin(), attempt.results().end()}) + "\n";
  }
  return text;
}

std::string attempts_text(const v1::GetTrialReply& reply, std::int64_t now, const Style& style) {
  const std::string table = attempts_table({reply.attempts().begin(), reply.attempts().end()}, now, style);
  return table.empty() ? "" : "\n" + table;
}

std::string metrics_text(const v1::GetTrialReply& reply, const Style& style) {
  std::map<std::tuple<std::string, std::string, std::string>, catalogue::Course> courses;  // by set, name, embeddings
  bool trained = false;
  for (const auto& metric : reply.metrics()) {
    courses[{metric.set(), metric.name(), metric.embeds()}].insert_or_assign(metric.epoch(), metric.value());
    trained = trained || metric.epoch() > 0;
  }
  Table table({{"SET"},
               {"METRIC"},
               {"BEST", Align::kRight},
               {"AT EPOCH", Align::kRight},
               {"LAST", Align::kRight},
               {"AT EPOCH", Align::kRight},
               {"UNIT"}});
  for (const auto& [series, course] : courses) {
    const auto& [set, name, embeds] = series;
    const auto best = catalogue::best_epoch(name, course, trained);
    const auto& [last_epoch, last] = *course.rbegin();
    table.add({set, embeds.empty() || embeds == "embeds" ? name : name + "/" + embeds,
               best ? metric_value_text(name, course.at(*best)) : "-", best ? std::to_string(*best) : "-",
               metric_value_text(name, last), std::to_string(last_epoch), shown_in_percent(name) ? "%" : ""});
  }
  return table.empty() ? "" : "\n" + table.text(style);
}

std::string settings_text(const v1::TrialSpec& spec, const Style& style) {
  Table table({{"SETTING"}, {"VALUE", Align::kLeft, Overflow::kWrap}});
  for (const auto& setting : spec.settings()) {
    const Result<Value> value = parse_value(setting.value());
    table.add({setting.key(), value ? to_display_text(*value) : setting.value()});
  }
  return table.empty() ? "" : "\n" + table.text(style);
}

std::string event_body(const v1::Event& event) {
  switch (event.body_case()) {
    case v1::Event::kHello:
      return "started on " + event.hello().device() + ", process " + std::to_string(event.hello().pid());
    case v1::Event::kProgress: {
      const auto& progress = event.progress();
      const std::string left = duration_text(progress.seconds_left());
      return progress_text(progress) + " loss " + fixed_text(progress.loss(), 4) +
             (left.empty() ? "" : ", " + left + " left");
    }
    case v1::Event::kMetric: {
      const auto& metric = event.metric();
      return "epoch " + std::to_string(metric.epoch()) + " " + metric.set() + " " + metric.name() + " " +
             metric_value_text(metric.name(), metric.value()) + (shown_in_percent(metric.name()) ? " %" : "");
    }
    case v1::Event::kCheckpoint:
      return "checkpoint of epoch " + std::to_string(event.checkpoint().epoch()) + ": " + event.checkpoint().path();
    case v1::Event::kWarning:
      return "warning: " + event.warning().message();
    case v1::Event::kDone:
      return "done after " + counted(event.done().epochs(), "epoch");
    case v1::Event::kStopped:
      return "stopped with a checkpoint at epoch " + std::to_string(event.stopped().epoch()) + ", step " +
             std::to_string(event.stopped().step());
    case v1::Event::kFailed:
      return "failed, " + event.failed().kind() + ": " + event.failed().message();
    case v1::Event::kIdentity:
      return "program " + event.identity().program() + ", " + identity_text(event.identity());
    case v1::Event::BODY_NOT_SET:
      break;
  }
  return "an event this program does not know; a newer oodml shows it";
}

/// The machines that could not run it, one a line.
std::string failed_on_text(const v1::TrialSummary& trial) {
  std::string text;
  for (const auto& fault : trial.failed_on()) {
    const std::string times = fault.times() > 1 ? " (" + std::to_string(fault.times()) + " times)" : "";
    text += "Failed on " + fault.worker_id() + times + ": " + one_line(fault.message()) + "\n";
  }
  return text;
}

}  // namespace

std::string labels_text(const v1::TrialSummary& trial) {
  std::vector<std::string> words;
  for (const auto& label : trial.labels()) words.push_back(label.axis() + "=" + label.label());
  return joined(words, " ");
}

std::string progress_text(const v1::Progress& progress) {
  const std::string place = "epoch " + of_total(progress.epoch(), progress.epochs_total()) + " step " +
                            of_total(progress.step(), progress.steps_total());
  return progress.phase().empty() || progress.phase() == "training" ? place : place + " " + progress.phase();
}

std::string thinning_text(const v1::GetTrialReply& reply) {
  if (reply.points_gone() == 0) return "";
  return "Curves thinned: " + std::to_string(reply.points_kept()) + " of " +
         std::to_string(reply.points_kept() + reply.points_gone()) +
         " points are left, those that tables and reports read among them\n";
}

std::string percent_figures_text(const std::vector<v1::Metric>& figures) {
  std::vector<std::string> texts;
  for (const auto& metric : figures) {
    if (!shown_in_percent(metric.name())) continue;
    texts.push_back(metric.set() + " " + metric.name() + " " + metric_value_text(metric.name(), metric.value()) +
                    " % at epoch " + std::to_string(metric.epoch()));
  }
  return one_line(joined(texts));
}

std::string attempts_table(const std::vector<v1::Attempt>& attempts, std::int64_t now, const Style& style) {
  Table table({{"ATTEMPT", Align::kRight},
               {"WORKER"},
               {"SLOT", Align::kLeft, Overflow::kKeep, 1},
               {"DEVICE", Align::kLeft, Overflow::kKeep, 2},
               {"PROGRAM", Align::kLeft, Overflow::kKeep, 3},
               {"STARTED (UTC)", Align::kLeft, Overflow::kKeep, 4},
               {"RAN", Align::kRight},
               {"OUTCOME"},
               {"MESSAGE", Align::kLeft, Overflow::kWrap}});
  for (const auto& attempt : attempts) {
    const bool open = attempt.finished_millis() == 0;
    table.add({std::to_string(attempt.attempt()), attempt.worker_id(), attempt.slot(),
               text_or_unknown(attempt.device()), text_or_unknown(attempt.program()),
               to_iso8601(from_millis(attempt.started_millis())).substr(0, 19),
               ran_for(attempt.started_millis(), attempt.finished_millis(), now), open ? "running" : attempt.outcome(),
               attempt.message()});
  }
  return table.empty() ? "" : table.text(style);
}

std::string trial_note(const v1::TrialSummary& trial, std::int64_t now_millis) {
  if (trial.state() == "queued") return trial.waiting_for();
  if (trial.state() == "backoff") {
    const double seconds = static_cast<double>(trial.not_before_millis() - now_millis) / 1000.0;
    const std::string when = seconds > 0 ? "tried again in " + duration_text(seconds) : "about to be tried again";
    return when + " after " + trial.outcome() + (trial.message().empty() ? "" : ": " + trial.message());
  }
  if (trial.state() != "failed") return "";
  return trial.outcome() + (trial.message().empty() ? "" : ": " + trial.message());
}

std::string trial_text(const v1::GetTrialReply& reply, std::int64_t now_millis, const Style& style) {
  const v1::TrialSummary& trial = reply.trial();
  std::vector<std::string> sweeps;
  for (const auto id : reply.sweep_ids()) sweeps.push_back(std::to_string(id));
  std::string text = style.paint(Colour::kBold, "Trial " + std::to_string(trial.trial_id())) + "  " +
                     one_line(labels_text(trial)) + "  " + style.paint(colour_of_state(trial.state()), trial.state()) +
                     "\n";
  text += "Fingerprint " + trial.fingerprint().substr(0, 16) + ", in " + (sweeps.size() == 1 ? "sweep " : "sweeps ") +
          joined(sweeps) + "\n";
  if (trial.has_progress() && trial.state() == "running") {
    const std::string left = duration_text(trial.progress().seconds_left());
    text += "Now at " + progress_text(trial.progress()) + ", loss " + fixed_text(trial.progress().loss(), 4) +
            (left.empty() ? "" : ", " + left + " left") + "\n";
  }
  const std::string note = one_line(trial_note(trial, now_millis));
  if (!note.empty()) text += (trial.state() == "queued" ? "Waits: " : "Note: ") + note + "\n";
  text += failed_on_text(trial) + thinning_text(reply);
  return text + attempts_text(reply, now_millis, style) + identities_text(reply) + earlier_results_text(reply) +
         metrics_text(reply, style) + settings_text(reply.spec(), style);
}

std::string event_line(const v1::Event& event, const Style& style) {
  const bool bad = event.has_failed() || event.has_warning();
  return style.paint(Colour::kDim, clock_text(event.time_millis()) + " #" + std::to_string(event.attempt())) + " " +
         style.paint(event.has_failed() ? Colour::kRed
                     : bad              ? Colour::kYellow
                                        : Colour::kNone,
                     one_line(event_body(event))) +
         "\n";
}

}  // namespace oodml::cli
