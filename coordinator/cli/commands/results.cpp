#include "coordinator/cli/commands/commands.h"
#include "coordinator/cli/output/results_text.h"
#include "coordinator/cli/sweep_source.h"

namespace oodml::cli {
namespace {

bool has_holes(const v1::QueryResultsReply& reply) {
  bool holes = reply.n() < reply.n_expected();
  for (const auto& row : reply.rows()) {
    holes = holes || row.n() < row.n_expected();
    for (const auto& statistic : row.statistics()) holes = holes || statistic.n() < statistic.n_expected();
  }
  return holes;
}

/// Calls `take` with each page of the table, in order.
Status for_each_page(Client& client, v1::QueryResultsRequest request,
                     const std::function<void(v1::QueryResultsReply&)>& take) {
  while (true) {
    OODML_ASSIGN_OR_RETURN(v1::QueryResultsReply page, client.results(request));
    const std::int64_t left = page.rows_left_out(), rows = page.rows_size();
    if (left > 0 && rows == 0) {
      return failure(StatusCode::kResourceExhausted,
                     "a row has more metrics than a reply has room for; choose some with --metric");
    }
    request.set_after_row(request.after_row() + rows);
    take(page);
    if (left == 0) return {};
  }
}

std::string rendered(const Session& session, const v1::QueryResultsReply& reply) {
  return session.format == Format::kLatex ? results_latex(reply) : results_text(reply, session.around.out_style);
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
  // Programs get a table of any length page by page; what people read is laid out as a whole.
  const bool streamed = session.json() || session.format == Format::kCsv;
  bool holes = false, is_first = true, has_rows = false;
  v1::QueryResultsReply whole;
  const Status read = for_each_page(*client, request, [&](v1::QueryResultsReply& page) {
    holes = holes || has_holes(page);
    has_rows = has_rows || page.rows_size() > 0;
    if (session.json()) session.print(is_first ? results_json_start(page) : results_json_rows(page));
    if (session.format == Format::kCsv)
      session.print((is_first ? results_csv_head(page) : "") + results_csv_rows(page));
    if (!streamed && !is_first) whole.mutable_rows()->MergeFrom(page.rows());
    if (!streamed && is_first) whole = std::move(page);
    is_first = false;
  });
  OODML_RETURN_IF_ERROR(read);
  if (session.json()) session.print(results_json_end(has_rows));
  if (!streamed) session.print(rendered(session, whole));
  return options.strict && holes ? kExitIncomplete : kExitDone;
}

void add_table_options(CLI::App* command, ResultsOptions& options) {
  command
      ->add_option(
          "--metric", options.metrics,
          "A metric of the test set, or SET:METRIC as train:nmi; commas or repeated; all of the test set unless said")
      ->type_name("METRIC")
      ->allow_extra_args(false);
  command->add_option("--by", options.by, "Axes of the rows; commas or repeated; every axis but the seed unless said")
      ->type_name("AXIS")
      ->allow_extra_args(false);
}

void add_results(CommandLine& line) {
  CLI::App* command = line.add(
      "results",
      "Table of means over seeds in percent, with 95 % intervals and what is missing; csv and json in [0, 1]", "Sweeps",
      {"oodml results smoke", "oodml results smoke --metric e_recall@1 --by criterion,split",
       "oodml results study --over split --metric e_recall@1",
       "oodml results smoke --filter split=3 --sort -e_recall@1", "oodml results smoke -o csv > results.csv",
       "oodml results smoke --metric train:dists@intra -o latex",
       "oodml results 1 --state oodml-state     of oodml local"});
  auto options = std::make_shared<ResultsOptions>();
  command->add_option("sweep", options->sweep, "Id or name of the sweep (its newest)")->required()->type_name("SWEEP");
  add_table_options(command, *options);
  command->add_option("--filter", options->filters, "Only trials with this label, as axis=label; may be repeated")
      ->type_name("AXIS=LABEL")
      ->allow_extra_args(false);
  command
      ->add_option("--over", options->over,
                   "Aggregate over this axis, as split: the area under each figure over the splits' FID (AGS), seed by "
                   "seed")
      ->type_name("AXIS");
  command
      ->add_option(
          "--sort", options->sort,
          "A metric (by its best mean) or an axis (in the file's order); - before it: the other way round, largest first")
      ->type_name("KEY");
  command->add_flag("--strict", options->strict, "Exit with 3 when a trial has no result");
  line.on_stored(command, [options](Session& session) { return show_results(session, *options); },
                 {Format::kJson, Format::kCsv, Format::kLatex});
}

}  // namespace oodml::cli
