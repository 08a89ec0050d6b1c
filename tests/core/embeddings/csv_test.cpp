#include "core/embeddings/csv.h"

#include <gtest/gtest.h>

#include <cmath>

namespace oodml::embeddings {
namespace {

TEST(CsvTest, ReadsRowsWithTheirLabelsWhateverSeparates) {
  for (const char* text : {"1,2,cat\n3,-4.5e0,dog\n", "1\t2\tcat\r\n3\t-4.5\tdog\r\n", "1;2;cat\n3;-4.5;dog",
                           "1 2  cat\n3  -4.5 dog\n", "x,y,label\n1,2,cat\n3,-4.5,dog\n",
                           "\xef\xbb\xbf" "+1, 2, \"cat\"\n\n3, -4.5, dog\n"}) {
    const auto table = parse_csv(text, "a.csv", true);
    ASSERT_TRUE(table) << table.error().text();
    EXPECT_EQ(table->values, (std::vector<double>{1, 2, 3, -4.5})) << text;
    EXPECT_EQ(table->columns, 2) << text;
    EXPECT_EQ(table->labels, (std::vector<std::string>{"cat", "dog"}));
  }
}

TEST(CsvTest, WithoutLabelsEveryColumnIsANumber) {
  const auto table = parse_csv("a,b\n1,2\n3,nan\n", "a.csv", false);
  ASSERT_TRUE(table) << table.error().text();
  EXPECT_EQ(table->columns, 2);
  EXPECT_TRUE(std::isnan(table->values[3]));  // found out, with its row, by the evaluation
  EXPECT_TRUE(table->labels.empty());
  EXPECT_EQ(parse_csv("1\n2\n", "a.csv", false)->columns, 1);
  EXPECT_EQ(parse_csv("1,\"a, b\"\n2,c\n", "a.csv", true)->labels[0], "a, b");
}

TEST(CsvTest, ErrorsNameLineAndColumn) {
  const auto message = [](std::string_view text, bool labels = true) {
    const auto table = parse_csv(text, "a.csv", labels);
    return table ? "no error" : table.error().message();
  };
  EXPECT_EQ(message("1,2,cat\n3,x,dog\n"), "a.csv:2: 'x' in column 2 is no number");
  EXPECT_EQ(message("h,h,h\n1,2,cat\n3,dog\n"), "a.csv:3: 2 columns, want 3 as in line 1");
  EXPECT_EQ(message("1,2,cat\n3,4,\n"), "a.csv:2: the last column, the label, is empty");
  EXPECT_EQ(message(""), "a.csv: no rows in it");
  EXPECT_EQ(message("x,y,label\n"), "a.csv: no rows in it");
  EXPECT_EQ(message("1\n2\n").find("a.csv:1: one column"), 0U);
  EXPECT_EQ(message("1,2\n,3\n", false), "a.csv:2: '' in column 1 is no number");
  EXPECT_EQ(message("1,2\n1e3x,3\n", false), "a.csv:2: '1e3x' in column 1 is no number");
}

TEST(CsvTest, LabelsStandOnLinesOfTheirOwn) {
  EXPECT_EQ(parse_label_lines("3\n\"a b\"\n3", "l").value(), (std::vector<std::string>{"3", "a b", "3"}));
  EXPECT_EQ(parse_label_lines("label\r\nx\r\n", "l").value(), (std::vector<std::string>{"x"}));
  EXPECT_EQ(parse_label_lines("x\n\ny\n", "l").error().message(), "l:2: an empty line; wanted is one label a line");
  EXPECT_FALSE(parse_label_lines("label\n", "l"));
  EXPECT_FALSE(parse_label_lines("", "l"));
}

}  // namespace
}  // namespace oodml::embeddings
