#include "coordinator/cli/report/table_text.h"

#include <gtest/gtest.h>

namespace oodml::cli::report {
namespace {

Table sample() {
  return {.name = "recall",
          .caption = "R@1 of 50 % & more",
          .align = "lr",
          .heading = {"method", "R@1"},
          .rows = {{"R-Margin_b12, β=0.6", "65.2 ± 0.3"}, {"\"quoted\"", "-"}, {"x", "+0.5"}}};
}

TEST(TableTextTest, CsvQuotesWhatMustBe) {
  EXPECT_EQ(table_csv(sample()), "method,R@1\n\"R-Margin_b12, β=0.6\",65.2 ± 0.3\n\"\"\"quoted\"\"\",-\nx,+0.5\n");
}

TEST(TableTextTest, LatexHasTheRulesOfBooktabsAndEscapesTexts) {
  EXPECT_EQ(table_latex(sample()),
            "% needs \\usepackage{booktabs}\n\\begin{table}\n  \\centering\n  \\caption{R@1 of 50 \\% \\& more}\n"
            "  \\label{tab:recall}\n  \\begin{tabular}{lr}\n  \\toprule\n  method & R@1 \\\\\n  \\midrule\n"
            "  R-Margin\\_b12, $\\beta$=0.6 & $65.2 \\pm  0.3$ \\\\\n  \"quoted\" & -- \\\\\n  x & $+0.5$ \\\\\n"
            "  \\bottomrule\n  \\end{tabular}\n\\end{table}\n");
}

TEST(TableTextTest, AWideTableTakesBothColumns) {
  Table table = sample();
  table.heading = std::vector<std::string>(6, "h");
  EXPECT_NE(table_latex(table).find("\\begin{table*}"), std::string::npos);
}

}  // namespace
}  // namespace oodml::cli::report
