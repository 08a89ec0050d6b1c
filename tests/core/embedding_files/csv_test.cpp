#include "core/embedding_files/csv.h"

#include <gtest/gtest.h>

namespace oodml::embedding_files {
namespace {

std::string message(std::string_view text, bool has_labels = true, const Choices& choices = {}) {
  const auto table = parse_csv(text, "a.csv", choices, has_labels);
  return table ? "no error" : table.error().message();
}

/// Values, labels and notes of a table that must be read.
CsvRows read(std::string_view text, bool has_labels = true, const Choices& choices = {}) {
  const auto table = parse_csv(text, "a.csv", choices, has_labels);
  EXPECT_TRUE(table) << table.error().text() << "\n" << text;
  return table ? *table : CsvRows();
}

using Values = std::vector<double>;
using Labels = std::vector<std::string>;

TEST(CsvTest, ReadsRowsWithTheirLabelsHoweverTheyAreWritten) {
  for (const char* text :
       {"1,2,cat\n3,-4.5e0,dog\n", "1\t2\tcat\r\n3\t-4.5\tdog\r\n", "1;2;cat\n3;-4.5;dog", "1 2  cat\n3  -4.5 dog\n",
        "1|2|cat\n3|-4.5|dog\n", "x,y,label\n1,2,cat\n3,-4.5,dog\n", "\xef\xbb\xbf+1, 2, \"cat\"\n\n3, -4.5, dog\n",
        "1,2,cat\r3,-4.5,dog\r", "\"x\",\"y\",\"label\"\n\"1\",\"2\",\"cat\"\n\"3\",\"-4.5\",\"dog\"\n",
        "sep=;\n1;2;cat\n3;-4.5;dog\n", "1;2;cat\n3;-4,5;dog\n", "1\t2\tcat\n3\t-4,5\tdog\n",
        "1,0 2,0 cat\n3,0 -4,5 dog\n", "# of numpy\n# x y label\n1 2 cat\n3 -4.5 dog\n# end\n",
        "1,2,cat,\n3,-4.5,dog,\n", "x,y,label,\n1,2,cat,\n3,-4.5,dog,\n"}) {
    const CsvRows table = read(text);
    EXPECT_EQ(table.values, (Values{1, 2, 3, -4.5})) << text;
    EXPECT_EQ(table.dimensions.size(), 2u) << text;
    EXPECT_EQ(table.labels, (Labels{"cat", "dog"})) << text;
  }
  EXPECT_EQ(read("1,\"a, \"\"b\"\"\"\n2,c\n").labels[0], "a, \"b\"");
}

TEST(CsvTest, WithoutLabelsEveryColumnIsANumber) {
  EXPECT_EQ(read("a,b\n1,2\n3,4\n", false).values, (Values{1, 2, 3, 4}));
  EXPECT_TRUE(read("a,b\n1,2\n3,4\n", false).labels.empty());
  EXPECT_EQ(read("1\n2\n", false).dimensions.size(), 1u);
}

TEST(CsvTest, DecimalsKeepEveryBit) {
  const CsvRows table = read(
      "0.1000000000000000055511151231257827,2.2250738585072011e-308,5e-324,1e-400\n"
      "9007199254740993,-0.30000000000000004,1.7976931348623157E308,0.000000000000000000000001\n",
      false);
  EXPECT_EQ(table.values, (Values{0.1, 2.2250738585072011e-308, 5e-324, 0.0, 9007199254740993.0, -0.30000000000000004,
                                  1.7976931348623157e308, 1e-24}));
  const std::string tiny = "0." + std::string(400, '0') + "1";
  EXPECT_EQ(read(tiny + ",1\n" + tiny + ",2\n", false).values, (Values{0, 1, 0, 2}));
}

TEST(CsvTest, HeadingsSayWhichColumnIsTheLabel) {
  EXPECT_EQ(read("e9223372036854775807,e2,label\n0.5,1.5,a\n2.5,0.25,b\n").dimensions.size(), 2u);
  for (const char* heading : {"label", "Label", "CLASS", "target", "class_id", "Targets", "category", " Class Name "}) {
    const CsvRows table = read(std::string(heading) + ",e0,e1\n7,0.5,1\n8,0.25,2\n");
    EXPECT_EQ(table.values, (Values{0.5, 1, 0.25, 2})) << heading;
    EXPECT_EQ(table.labels, (Labels{"7", "8"})) << heading;
  }
  EXPECT_EQ(read("# label,e0\n7,0.5\n8,0.25\n").labels, (Labels{"7", "8"}));
  EXPECT_EQ(read("0,1,2,label\n0.5,1,2,a\n0.25,1,2,b\n").labels, (Labels{"a", "b"}));
  EXPECT_EQ(read("e0,e1,breed\n0.5,1,a\n0.25,1,b\n").labels, (Labels{"a", "b"}));
  EXPECT_EQ(
      message("label,e0,class\n1,0.5,2\n"),
      "a.csv: column 1 ('label') and column 3 ('class') can both be the label; say which one with --label-column");
  EXPECT_EQ(message("e0,e1,e2\n0.5,1,2\n").find("a.csv:2: column 3 ('e2') is named like the columns beside it"), 0U);
  EXPECT_EQ(read("label,e0,class\n1,0.5,2\n", true, {.label_column = "label", .skip_columns = {"class"}}).labels[0],
            "1");
}

TEST(CsvTest, RowNumbersAndNamesOfPandasAreLeftOutAndSaid) {
  for (const char* heading : {"", "Unnamed: 0", "index", "id", "path", "Image ID", "row_number"}) {
    const CsvRows table = read(std::string(heading) + ",e0,e1,label\n0,0.5,1,a\n1,0.25,2,b\n");
    EXPECT_EQ(table.values, (Values{0.5, 1, 0.25, 2})) << heading;
    ASSERT_EQ(table.notes.size(), 1u) << heading;
    EXPECT_NE(table.notes[0].find("column 1"), std::string::npos);
    EXPECT_NE(table.notes[0].find("is left out"), std::string::npos);
  }
  EXPECT_EQ(read(",0,1,label\n0,0.5,1,a\n1,0.25,2,b\n").dimensions.size(), 2u);
  EXPECT_EQ(read("\t0\t1\tlabel\n0\t0.5\t1\ta\n").dimensions.size(), 2u) << "the first heading is empty";
  EXPECT_EQ(read("0,1,2,3\n0.5,1,2,3\n", false).values, (Values{0.5, 1, 2, 3}));
  EXPECT_EQ(read("label,e0,e1\na,0.5,1\n", false).dimensions.size(), 2u) << "the labels stand elsewhere";
  EXPECT_EQ(read("index,e0,label\n3,0.5,a\n", true, {.skip_columns = {"none"}}).values, (Values{3, 0.5}));
}

TEST(CsvTest, WhatCouldBeReadInTwoWaysIsRefusedWithTheOption) {
  EXPECT_EQ(message("id,e0,breed\n4,0.5,a\n").find("a.csv:2: column 1 ('id') may name the row or its class"), 0U);
  EXPECT_EQ(message("a,,label\n1,2,x\n"),
            "a.csv:1: 'a' in column 1 is no number; if these are the labels say "
            "--label-column 1, else --skip-columns 1 leaves the column out")
      << "neither all headings nor a row";
  EXPECT_NE(message("cat,0.5,1\ndog,0.25,2\n").find("--label-column 1"), std::string::npos);
  EXPECT_NE(message("a.jpg,0.5,1\nb.jpg,0.25,2\n", false).find("--skip-columns 1"), std::string::npos);
  EXPECT_NE(message("0,1,2\n0.5,1,2\n", false).find("--heading yes"), std::string::npos);
  EXPECT_NE(message("0.5,1,class\n0.25,1,cat\n").find("--heading no"), std::string::npos);
  EXPECT_EQ(read("0.5,1,class\n0.25,1,cat\n", true, {.heading = false}).labels[0], "class");
  EXPECT_EQ(read("0,1,2\n0.5,1,2\n", false, {.heading = true}).values, (Values{0.5, 1, 2}));
  EXPECT_NE(message("1,0.5\n2,0.25\n").find("--label-column"), std::string::npos) << "a label with a fraction";
  EXPECT_EQ(message("1,2,cat\n3,4,dog\n", true, {.label_column = "breed"}),
            "a.csv: no column 'breed' in it; there are 1 to 3");
  EXPECT_EQ(message("e0,e1,a\n3,4,dog\n", true, {.label_column = "4"}),
            "a.csv: no column '4' in it; there are 1 to 3, or e0, e1, a");
  EXPECT_NE(message("e,e,a\n3,4,dog\n", true, {.label_column = "e"}).find("2 columns are named 'e'"),
            std::string::npos);
}

TEST(CsvTest, ChosenColumnsAreTaken) {
  const std::string text = "photo,e0,breed,e1\na.jpg,0.5,pug,1\nb.jpg,0.25,lab,2\n";
  const CsvRows by_name = read(text, true, {.label_column = "breed", .skip_columns = {"photo"}});
  EXPECT_EQ(by_name.values, (Values{0.5, 1, 0.25, 2}));
  EXPECT_EQ(by_name.labels, (Labels{"pug", "lab"}));
  EXPECT_EQ(read(text, true, {.label_column = "3", .skip_columns = {"1"}}).values, by_name.values);
  EXPECT_EQ(read("a.jpg,0.5,1\nb.jpg,0.25,2\n", false, {.skip_columns = {"1"}}).values, by_name.values);
}

TEST(CsvTest, ErrorsNameLineAndColumn) {
  EXPECT_EQ(message("1,2,cat\n3,x,dog\n"), "a.csv:2: 'x' in column 2 is no number");
  EXPECT_EQ(message("h,h,h\n1,2,cat\n3,dog\n"), "a.csv:3: 2 columns, want 3 as in line 2");
  EXPECT_EQ(message("h,h\n1,2,cat\n"),
            "a.csv:2: 3 columns, want 2 as in line 1; give each column a heading, also that of row names");
  EXPECT_EQ(message("1,2,cat\n3,4,\n"),
            "a.csv:2: column 3, the last, taken for the label: the label is empty; if the label "
            "is another column say --label-column, if it is none, --labels");
  EXPECT_EQ(message(""), "a.csv: no rows in it");
  EXPECT_EQ(message("x,y,label\n"), "a.csv: no rows in it");
  EXPECT_EQ(message("1\n2\n").find("a.csv:1: one column"), 0U);
  EXPECT_EQ(message("1,2\n,3\n", false), "a.csv:2: column 1 is empty");
  EXPECT_EQ(message("1,2\n1e3x,3\n", false), "a.csv:2: '1e3x' in column 1 is no number");
  EXPECT_EQ(message("0.5,2,,4,a\n1,2,3,4,b\n"), "a.csv:1: column 3 is empty") << "no heading";
  EXPECT_EQ(message("0.5,NA,3,a\n1,2,3,b\n"), "a.csv:1: 'NA' in column 2 is no number");
  EXPECT_EQ(message("e0,e1,label\n0.5,nan,a\n"), "a.csv:2: 'nan' in column 2 ('e1') is no number");
  EXPECT_EQ(message("1,2,a\n-inf,3,b\n"), "a.csv:2: '-inf' in column 1 is not finite");
  EXPECT_EQ(message("1,2,a\n1e400,3,b\n"), "a.csv:2: '1e400' in column 1 is not finite");
  EXPECT_EQ(message("e0,label\n0.5,a\n0.5,NA\n").find("a.csv:3: column 2 ('label'), the label: 'NA'"), 0U);
  EXPECT_EQ(read("e0,label\n0.5,\"NA\"\n").labels[0], "NA") << "Namibia";
  EXPECT_EQ(message("1;2,5;a\n1;2.5;b\n"),
            "a.csv:2: '2.5' in column 2, but line 1 has a decimal comma; write all numbers alike");
  EXPECT_EQ(message("1,2,a\n# 3,4,b\n5,6,c\n").find("a.csv:2: a comment between rows"), 0U);
  EXPECT_EQ(message("1,2,\n3,4\n", false), "a.csv:2: 2 columns, want 2 as in line 1 and a separator behind them");
  EXPECT_EQ(message(std::string("\xff\xfe") + "1", false), "a.csv: text in UTF-16; save it as UTF-8");
  EXPECT_EQ(message(std::string("1,2\n1,\0\n", 8), false), "a.csv:2: a byte of zero, so this is no text");
}

TEST(CsvTest, AnIntegerIsOneLabelHoweverItIsWritten) {
  EXPECT_EQ(read("0.5,3\n0.5,3.0\n0.5,3.000000000000000000e+00\n0.5,+3\n0.5,-1.0\n0.5,007\n").labels,
            (Labels{"3", "3", "3", "3", "-1", "007"}));
}

}  // namespace
}  // namespace oodml::embedding_files
