#include "coordinator/cli/commands/commands.h"
#include "coordinator/cli/diff/diff_text.h"
#include "coordinator/cli/sweep_source.h"
#include "core/job/sweep_plan.h"

namespace oodml::cli {
namespace {

/// Each pair is two questions; more of them mostly say the same again.
constexpr std::size_t kMostPairs = 25;

struct DiffOptions {
  std::string first, second;
  std::vector<std::string> metrics;
};

Result<diff::Side> read_side(Client& client, const std::string& sweep) {
  v1::GetRequest request;
  OODML_ASSIGN_OR_RETURN(*request.mutable_sweep(), sweep_ref(sweep));
  OODML_ASSIGN_OR_RETURN(v1::GetReply reply, client.get_trials(request, 0));
  diff::Side side{.sweep = reply.sweep(), .axes = {}, .trials = {}};
  for (const auto& axis : reply.axes()) {
    if (axis.axis() != job::kGroupAxis) side.axes.push_back(axis.axis());
  }
  side.trials.assign(std::make_move_iterator(reply.mutable_trials()->begin()),
                     std::make_move_iterator(reply.mutable_trials()->end()));
  return side;
}

Result<v1::TrialSpec> read_spec(Client& client, const v1::TrialSummary& trial) {
  v1::GetTrialRequest request;
  request.set_trial_id(trial.trial_id());
  OODML_ASSIGN_OR_RETURN(v1::GetTrialReply reply, client.get_trial(request));
  return std::move(*reply.mutable_spec());
}

/// Pairs of the whole list, spread over it.
Status read_settings(Client& client, diff::Report& report) {
  const auto& pairs = report.diff.pairs;
  const std::size_t wanted = std::min(pairs.size(), kMostPairs);
  for (std::size_t i = 0; i < wanted; ++i) {
    const diff::Pair& pair = pairs[i * pairs.size() / wanted];
    OODML_ASSIGN_OR_RETURN(const v1::TrialSpec first, read_spec(client, *pair.first));
    OODML_ASSIGN_OR_RETURN(const v1::TrialSpec second, read_spec(client, *pair.second));
    diff::add_differences(first, second, report.settings);
  }
  report.compared_pairs = static_cast<std::int64_t>(wanted);
  return {};
}

Result<std::vector<v1::ResultRow>> read_rows(Client& client, const diff::Side& side,
                                             const std::vector<std::string>& axes,
                                             const std::vector<std::string>& metrics) {
  v1::QueryResultsRequest request;
  request.mutable_sweep()->set_sweep_id(side.sweep.sweep_id());
  for (const std::string& axis : axes) request.add_by(axis);
  for (const std::string& metric : metrics) request.add_metrics(metric);
  std::vector<v1::ResultRow> rows;
  while (true) {
    OODML_ASSIGN_OR_RETURN(const v1::QueryResultsReply page, client.results(request));
    rows.insert(rows.end(), page.rows().begin(), page.rows().end());
    if (page.rows_left_out() == 0 || page.rows_size() == 0) return rows;
    request.set_after_row(request.after_row() + page.rows_size());
  }
}

/// By the common axes but the seed, over which figures are means.
Status read_figures(Client& client, const std::vector<std::string>& metrics, diff::Report& report) {
  std::vector<std::string> axes = report.diff.common_axes;
  std::erase(axes, job::SweepPlan().replicate_axis);
  if (axes.empty()) return {};
  OODML_ASSIGN_OR_RETURN(const auto first, read_rows(client, report.first, axes, metrics));
  OODML_ASSIGN_OR_RETURN(const auto second, read_rows(client, report.second, axes, metrics));
  report.figures = diff::side_by_side(first, second);
  return {};
}

/// Where nobody says which: recall, adapted where only that is measured, else all of the test set that both have.
Status read_usual_figures(Client& client, diff::Report& report) {
  for (const char* usual : {"e_recall@1", "few_shot.e_recall@1"}) {
    const Status read = read_figures(client, {usual}, report);
    if (read.code() != StatusCode::kInvalidArgument) return read;
  }
  return read_figures(client, {}, report);
}

Result<int> show_diff(Session& session, const DiffOptions& options) {
  OODML_ASSIGN_OR_RETURN(Client * client, session.client());
  diff::Report report;
  OODML_ASSIGN_OR_RETURN(report.first, read_side(*client, options.first));
  OODML_ASSIGN_OR_RETURN(report.second, read_side(*client, options.second));
  report.diff = diff::compare(report.first, report.second);
  OODML_RETURN_IF_ERROR(read_settings(*client, report));
  const std::vector<std::string> metrics = split_commas(options.metrics);
  OODML_RETURN_IF_ERROR(metrics.empty() ? read_usual_figures(*client, report) : read_figures(*client, metrics, report));
  session.print([&] { return diff::diff_json(report); },
                [&] { return diff::diff_text(report, session.around.out_style); });
  return kExitDone;
}

}  // namespace

void add_diff(CommandLine& line) {
  CLI::App* command = line.add(
      "diff", "Compare two sweeps: trials of one alone, settings that differ, figures side by side", "Sweeps",
      {"oodml diff smoke smoke2", "oodml diff 3 5 --metric e_recall@1,nmi", "oodml diff 1 2 --state oodml-state"});
  auto options = std::make_shared<DiffOptions>();
  command->add_option("first", options->first, "Id or name of a sweep (its newest)")->required()->type_name("SWEEP");
  command->add_option("second", options->second, "The other one")->required()->type_name("SWEEP");
  command
      ->add_option("--metric", options->metrics,
                   "A metric of the test set, or SET:METRIC as train:nmi; commas or repeated; unless said e_recall@1, "
                   "few_shot.e_recall@1, or all of the test set, the first that both have")
      ->type_name("METRIC")
      ->allow_extra_args(false);
  line.on_stored(command, [options](Session& session) { return show_diff(session, *options); });
}

}  // namespace oodml::cli
