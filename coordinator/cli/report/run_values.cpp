#include "coordinator/cli/report/run_values.h"

#include <string>

#include "coordinator/cli/report/select.h"
#include "core/base/csv_text.h"

namespace oodml::cli::report {

Table run_values(const std::vector<Run>& runs, const ReportOptions& options) {
  Table table{.name = "runs",
              .caption = "The chosen value of every figure of every run, and its epoch",
              .align = {},
              .heading = {"sweep", "trial", "state", "group", "method", "benchmark", "split", "fid", "seed", "figure",
                          "value", "epoch"},
              .rows = {}};
  for (const Run& run : runs) {
    const std::vector<std::string> keys = {run.sweep,
                                           std::to_string(run.trial),
                                           run.state,
                                           run.group,
                                           run.method,
                                           run.benchmark,
                                           run.split,
                                           run.fid ? csv_number(*run.fid) : "",
                                           std::to_string(run.seed)};
    for (const auto& [figure, course] : run.courses) {
      const auto value = chosen(run, figure, options.choice);
      std::vector<std::string> row = keys;
      row.push_back(figure);
      row.push_back(value ? csv_number(value->value) : "");
      row.push_back(value ? std::to_string(value->epoch) : "");
      table.rows.push_back(std::move(row));
    }
  }
  return table;
}

}  // namespace oodml::cli::report
