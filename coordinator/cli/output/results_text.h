#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "coordinator/cli/output/style.h"
#include "oodml/v1/sweeps.pb.h"

namespace oodml::cli {

/// The results as people read them: mean ± half-width of the 95 % t-interval over the replicates, at each trial's
/// best epoch and at the last one; shares in percent with two decimals, distances as they are; holes are "-".
/// Metrics that have no room are left out and named below.
std::string results_text(const v1::QueryResultsReply& reply, const Style& style);

/// One line a row and metric ("tidy"), raw values with every digit; empty fields where there is no value. The head
/// once, then the rows of each page.
std::string results_csv_head(const v1::QueryResultsReply& reply);
std::string results_csv_rows(const v1::QueryResultsReply& reply);

/// The JSON document (output/json.h) of a table that comes in pages: the first, each further one, the end.
std::string results_json_start(const v1::QueryResultsReply& first);
std::string results_json_rows(const v1::QueryResultsReply& page);
std::string results_json_end(bool has_rows);

/// A tabular with booktabs rules; figures as in results_text, every metric.
std::string results_latex(const v1::QueryResultsReply& reply);

/// What a table calls a figure: e_recall@1, train:nmi, or AGS(e_recall@1) where it is aggregated over an axis.
std::string figure_title(const v1::QueryResultsReply& reply, std::string_view set, std::string_view metric);

/// The metrics of the reply, (set, name), in order of first appearance.
std::vector<std::pair<std::string, std::string>> metrics_of(const v1::QueryResultsReply& reply);

}  // namespace oodml::cli
