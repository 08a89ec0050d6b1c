#include "coordinator/cli/output/history_text.h"

#include <algorithm>
#include <map>
#include <tuple>

#include "coordinator/cli/output/text.h"
#include "coordinator/cli/output/trial_text.h"
#include "core/base/clock.h"
#include "core/catalogue/best_epoch.h"

namespace oodml::cli {
namespace {

/// Best values of the present run, by set, name and embeddings.
std::vector<v1::Metric> present_best(const v1::GetTrialReply& reply) {
  std::map<std::tuple<std::string, std::string, std::string>, catalogue::Course> courses;
  bool trained = false;
  for (const auto& metric : reply.metrics()) {
    courses[{metric.set(), metric.name(), metric.embeds()}].insert_or_assign(metric.epoch(), metric.value());
    trained = trained || metric.epoch() > 0;
  }
  std::vector<v1::Metric> best;
  for (const auto& [series, course] : courses) {
    const auto& [set, name, embeds] = series;
    const auto epoch = catalogue::best_epoch(name, course, trained);
    if (!epoch) continue;
    v1::Metric& metric = best.emplace_back();
    metric.set_set(set);
    metric.set_name(name);
    metric.set_embeds(embeds);
    metric.set_epoch(*epoch);
    metric.set_value(course.at(*epoch));
  }
  return best;
}

/// The newest sweep that came after the run before had ended and before this one began.
std::int64_t asked_by(const RunOfTrial& before, const RunOfTrial& run, const std::vector<v1::SweepSummary>& sweeps) {
  const v1::SweepSummary* newest = nullptr;
  for (const auto& sweep : sweeps) {
    const bool between = sweep.created_millis() >= before.attempts.back().finished_millis() &&
                         sweep.created_millis() <= run.attempts.front().started_millis();
    if (between && (newest == nullptr || sweep.created_millis() > newest->created_millis())) newest = &sweep;
  }
  return newest == nullptr ? 0 : newest->sweep_id();
}

const v1::SweepSummary* find(std::int64_t id, const std::vector<v1::SweepSummary>& sweeps) {
  const auto found = std::ranges::find(sweeps, id, [](const auto& sweep) { return sweep.sweep_id(); });
  return found == sweeps.end() ? nullptr : &*found;
}

std::string sweep_name(const v1::SweepSummary& sweep) {
  return "sweep " + std::to_string(sweep.sweep_id()) + " " + sweep.name() +
         (sweep.owner().empty() ? "" : " of " + one_line(sweep.owner()));
}

std::string second_text(std::int64_t millis) { return to_iso8601(from_millis(millis)).substr(0, 19) + " UTC"; }

std::string run_heading(const RunOfTrial& run, std::size_t number, const std::vector<v1::SweepSummary>& sweeps,
                        const Style& style) {
  std::string text = style.paint(Colour::kBold, "Run " + std::to_string(number));
  if (number > 1) {
    const auto* sweep = find(run.asked_by_sweep, sweeps);
    text += sweep == nullptr ? ", again for a reason that is not kept (retry, or other data)"
                             : ", asked for by " + sweep_name(*sweep);
  }
  const std::string figures = percent_figures_text(run.best);
  text += run.counts ? ", which counts: " : ", which counts no more: ";
  return text + (run.best.empty() ? "no result" : figures.empty() ? "a result without shares" : figures) + "\n";
}

}  // namespace

std::vector<RunOfTrial> runs_of(const v1::GetTrialReply& reply, const std::vector<v1::SweepSummary>& sweeps) {
  std::vector<RunOfTrial> runs;
  const v1::Attempt* before = nullptr;
  for (const auto& attempt : reply.attempts()) {
    const bool begins =
        before == nullptr || before->results_size() > 0 || before->is_earlier_run() != attempt.is_earlier_run();
    if (begins) runs.emplace_back();
    runs.back().attempts.push_back(attempt);
    runs.back().best.assign(attempt.results().begin(), attempt.results().end());
    before = &attempt;
  }
  if (!runs.empty() && !runs.back().attempts.back().is_earlier_run()) {
    runs.back().counts = true;
    if (reply.trial().state() == "succeeded") runs.back().best = present_best(reply);
  }
  for (std::size_t i = 1; i < runs.size(); ++i) runs[i].asked_by_sweep = asked_by(runs[i - 1], runs[i], sweeps);
  return runs;
}

std::string history_text(const v1::GetTrialReply& reply, const std::vector<v1::SweepSummary>& sweeps,
                         std::int64_t now_millis, const Style& style) {
  const v1::TrialSummary& trial = reply.trial();
  std::string text = style.paint(Colour::kBold, "Trial " + std::to_string(trial.trial_id())) + "  " +
                     one_line(labels_text(trial)) + "  " + style.paint(colour_of_state(trial.state()), trial.state()) +
                     "\n";
  for (const auto& sweep : sweeps)
    text += "In " + sweep_name(sweep) + ", submitted " + second_text(sweep.created_millis()) + "\n";
  std::size_t number = 0;
  for (const RunOfTrial& run : runs_of(reply, sweeps)) {
    text += "\n" + run_heading(run, ++number, sweeps, style) + attempts_table(run.attempts, now_millis, style);
  }
  const std::string thinning = thinning_text(reply);
  if (!thinning.empty()) text += "\n" + thinning;
  return number == 0 ? text + "It was never started.\n" : text;
}

Json history_json(const v1::GetTrialReply& reply, const std::vector<v1::SweepSummary>& sweeps) {
  Json runs = Json::array(), had_by = Json::array();
  for (const RunOfTrial& run : runs_of(reply, sweeps)) {
    Json attempts = Json::array(), best = Json::array();
    for (const auto& attempt : run.attempts) attempts.push_back(json_of(attempt));
    for (const auto& metric : run.best) best.push_back(json_of(metric));
    runs.push_back({{"counts", run.counts},
                    {"asked_by_sweep", run.asked_by_sweep == 0 ? Json() : Json(run.asked_by_sweep)},
                    {"best", std::move(best)},
                    {"attempts", std::move(attempts)}});
  }
  for (const auto& sweep : sweeps) {
    Json json = json_of(sweep);
    json["owner"] = sweep.owner().empty() ? Json() : Json(sweep.owner());
    had_by.push_back(std::move(json));
  }
  return {{"trial", json_of(reply.trial())},
          {"points_gone", reply.points_gone()},
          {"sweeps", std::move(had_by)},
          {"runs", std::move(runs)}};
}

}  // namespace oodml::cli
