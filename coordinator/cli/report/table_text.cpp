#include "coordinator/cli/report/table_text.h"

#include "coordinator/cli/output/latex_text.h"
#include "core/base/csv_text.h"

namespace oodml::cli::report {
namespace {

/// What fits into one column of a paper with two.
constexpr std::size_t kColumnsOfAColumn = 5;

std::string line(const std::vector<std::string>& cells, std::string (*text_of)(const std::string&),
                 const char* separator, const char* end) {
  std::string text;
  for (std::size_t i = 0; i < cells.size(); ++i) text += (i == 0 ? "" : separator) + text_of(cells[i]);
  return text + end;
}

std::string csv_line(const std::vector<std::string>& cells) { return line(cells, csv_field, ",", "\n"); }

std::string latex_line(const std::vector<std::string>& cells) {
  return "  " + line(cells, [](const std::string& cell) { return latex_cell(cell); }, " & ", " \\\\\n");
}

}  // namespace

std::string table_csv(const Table& table) {
  std::string text = csv_line(table.heading);
  for (const auto& row : table.rows) text += csv_line(row);
  return text;
}

std::string table_latex(const Table& table) {
  const std::string place = table.heading.size() > kColumnsOfAColumn ? "table*" : "table";
  std::string text = "% needs \\usepackage{booktabs}\n\\begin{" + place + "}\n  \\centering\n  \\caption{" +
                     latex_escaped(table.caption) + "}\n  \\label{tab:" + table.name + "}\n  \\begin{tabular}{" +
                     table.align + "}\n  \\toprule\n" + latex_line(table.heading) + "  \\midrule\n";
  for (const auto& row : table.rows) text += latex_line(row);
  return text + "  \\bottomrule\n  \\end{tabular}\n\\end{" + place + "}\n";
}

}  // namespace oodml::cli::report
