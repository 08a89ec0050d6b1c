#include "coordinator/cli/commands/commands.h"
#include "coordinator/cli/output/results_text.h"
#include "coordinator/cli/sweep_source.h"

namespace oodml::cli {
namespace {

std::string rendered(const Session& session, const v1::QueryResultsReply& reply) {
  switch (session.format) {
    case Format::kJson:
      return json_text(json_of(reply));
    case Format::kCsv:
      return results_csv(reply);
    case Format::kLatex:
      return results_latex(reply);
    case Format::kTable:
    case Format::kMarkdown:
      break;
  }
  return results_text(reply, session.around.out_style);
}

bool has_holes(const v1::QueryResultsReply& reply) {
  bool holes = reply.n() < reply.n_expected();
  for (const auto& row : reply.rows()) {
    holes = holes || row.n() < row.n_expected();
    for (const auto& statistic : row.statistics()) holes = holes || statistic.n() < statistic.n_expected();
  }
  return holes;
}

}  // namespace

Result<int> show_results(Session& session, const ResultsOptions& options) {
  v1::QueryResultsRequest request;
  OODML_ASSIGN_OR_RETURN(*request.mutable_sweep(), sweep_ref(options.sweep));
  for (const std::string& metric : split_commas(options.metrics)) request.add_metrics(metric);
  for (const std::string& axis : split_commas(options.by)) request.add_by(axis);
  OODML_RETURN_IF_ERROR(add_filters(options.filters, *request.mutable_filter()));
  request.set_sort(options.sort);
  request.set_over(options.over);
  OODML_ASSIGN_OR_RETURN(Client * client, session.client());
  OODML_ASSIGN_OR_RETURN(const v1::QueryResultsReply reply, client->results(request));
  session.print(rendered(session, reply));
  return options.strict && has_holes(reply) ? kExitIncomplete : kExitDone;
}

void add_results(CommandLine& line) {
  CLI::App* command =
      line.add("results", "Table of means over seeds, with 95 % intervals and what is missing", "Sweeps",
               {"oodml results smoke", "oodml results smoke --metric e_recall@1 --by criterion,split",
                "oodml results study --over split --metric e_recall@1",
                "oodml results smoke --filter split=3 --sort -e_recall@1", "oodml results smoke -o csv > results.csv",
                "oodml results smoke --metric train:dists@intra -o latex"});
  auto options = std::make_shared<ResultsOptions>();
  command->add_option("sweep", options->sweep, "Id or name of the sweep (its newest)")->required()->type_name("SWEEP");
  command
      ->add_option("--metric", options->metrics,
                   "A metric of the test set, or SET:METRIC; commas or repeated; all of the test set unless said")
      ->type_name("METRIC")
      ->allow_extra_args(false);
  command->add_option("--by", options->by, "Axes of the rows; commas or repeated; every axis but the seed unless said")
      ->type_name("AXIS")
      ->allow_extra_args(false);
  command->add_option("--filter", options->filters, "Only trials with this label, as axis=label; may be repeated")
      ->type_name("AXIS=LABEL")
      ->allow_extra_args(false);
  command
      ->add_option("--over", options->over,
                   "Aggregate over this axis, as split: the area under each figure over the splits' FID (AGS), seed by "
                   "seed")
      ->type_name("AXIS");
  command->add_option("--sort", options->sort, "A metric or an axis; - before it: largest first")->type_name("KEY");
  command->add_flag("--strict", options->strict, "Exit with 3 when a trial has no result");
  line.on(command, [options](Session& session) { return show_results(session, *options); },
          {Format::kJson, Format::kCsv, Format::kLatex});
}

}  // namespace oodml::cli
