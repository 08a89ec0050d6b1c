#include "core/embedding_files/label_lines.h"

#include <gtest/gtest.h>

namespace oodml::embedding_files {
namespace {

using Labels = std::vector<std::string>;

Labels read(std::string_view text, const Choices& choices = {}) {
  const auto lines = parse_labels(text, "l", choices);
  EXPECT_TRUE(lines) << lines.error().text();
  return lines ? lines->labels : Labels();
}

std::string message(std::string_view text, const Choices& choices = {}) {
  const auto lines = parse_labels(text, "l", choices);
  return lines ? "no error" : lines.error().message();
}

TEST(LabelLinesTest, LabelsStandOnLinesOfTheirOwn) {
  EXPECT_EQ(read("3\n\"a b\"\n3"), (Labels{"3", "a b", "3"}));
  EXPECT_EQ(read("label\r\nx\r\n"), (Labels{"x"}));
  EXPECT_EQ(read("Target\n3.0\n4\n"), (Labels{"3", "4"}));
  EXPECT_EQ(read("# labels\n0.000e+00\n1.000e+00\n\n"), (Labels{"0", "1"}));
  EXPECT_EQ(read("pug\ngolden retriever\n"), (Labels{"pug", "golden retriever"}));
  EXPECT_EQ(read("label\nblack cat\nwhite cat\n"), (Labels{"black cat", "white cat"}))
      << "the heading says: one a line";
  EXPECT_EQ(read("\xef\xbb\xbf"
                 "breed\n1\n2\n"),
            (Labels{"1", "2"}))
      << "one text above integers";
  EXPECT_EQ(parse_labels("breed\n1\n2\n", "l", {})->notes.size(), 1u);
}

TEST(LabelLinesTest, AColumnThatIsNamedIsTaken) {
  EXPECT_EQ(read("1 0\n2 0\n3 5\n", {.label_column = "2"}), (Labels{"0", "0", "5"}));
  EXPECT_EQ(read("image_id class_id super_class_id path\n1 7 2 a/b.jpg\n2 8 2 a/c.jpg\n"), (Labels{"7", "8"}));
  EXPECT_EQ(read(",label\n0,3\n1,4\n"), (Labels{"3", "4"}));
  EXPECT_EQ(read("file,label\na.jpg,cat\nb.jpg,dog\n"), (Labels{"cat", "dog"}));
  EXPECT_EQ(read("a.jpg\tcat\nb.jpg\tgreat dane\n", {.label_column = "2"}), (Labels{"cat", "great dane"}));
}

TEST(LabelLinesTest, PairsOutOfOrderAreReadByLineAndSaid) {
  const auto lines = parse_labels("1 0\n3 5\n2 0\n", "l", {.label_column = "2"});
  ASSERT_TRUE(lines) << lines.error().text();
  EXPECT_EQ(lines->labels, (Labels{"0", "5", "0"}));
  ASSERT_EQ(lines->notes.size(), 1u);
  EXPECT_NE(lines->notes[0].find("column 1 are not in order (line 3)"), std::string::npos);
  EXPECT_TRUE(parse_labels("1 0\n2 5\n3 0\n", "l", {.label_column = "2"})->notes.empty());
}

TEST(LabelLinesTest, LabelsOfOtherEncodingsStayApart) {
  EXPECT_EQ(read("caf\xe9\ncaf\xe8\ncaf\xc3\xa9\n"), (Labels{"caf\\xe9", "caf\\xe8", "caf\xc3\xa9"}));
}

TEST(LabelLinesTest, LinesOfSeveralFieldsAreRefusedWithTheOption) {
  EXPECT_EQ(message("1 0\n2 0\n3 5\n"),
            "l:1: 2 fields a line, as in `number label`; say which one is the label, as in "
            "--label-column 2, or put labels of several words in quotes");
  EXPECT_NE(message("a.jpg,cat\nb.jpg,dog\n").find("--label-column 2"), std::string::npos);
  EXPECT_NE(message("label\n1 0\n2 0\n").find("`number label`"), std::string::npos);
  EXPECT_NE(message("1 pug\n2 golden retriever\n").find("--label-column"), std::string::npos);
  EXPECT_NE(message("0,0,1,1,2\n").find("5 fields a line"), std::string::npos);
  EXPECT_EQ(message("pug\nTench, Tinca tinca\n").find("l:2: 'Tench, Tinca tinca' has several fields"), 0U);
  EXPECT_EQ(message("1,2\n3\n"),
            "l:1: 2 fields a line, as in `number label`; say which one is the label, as in --label-column 2");
  EXPECT_EQ(message("1,2\n3\n", {.label_column = "2"}), "l:2: 1 columns, want 2 as in line 1");
}

TEST(LabelLinesTest, MissingLabelsAreRefusedByLine) {
  EXPECT_EQ(message("x\n\ny\n"), "l:2: an empty line or a comment; wanted is one label a line");
  EXPECT_EQ(message("3\nnan\n4\n"), "l:2: 'nan' for a label; if it is the name of a class, put it in quotes");
  EXPECT_EQ(message("3\n0.5\n"), "l:2: '0.5' is no label: these are integers or texts");
  EXPECT_EQ(read("3\n\"nan\"\n")[1], "nan");
  EXPECT_EQ(message("label\n"), "l: no labels in it");
  EXPECT_EQ(message(""), "l: no labels in it");
}

TEST(LabelLinesTest, NamesAreTakenAsTheyStand) {
  EXPECT_EQ(parse_names("class\nblack cat\n1 2\nTench, Tinca\n", "l").value(),
            (std::vector<std::string>{"black cat", "1 2", "Tench, Tinca"}));
  EXPECT_FALSE(parse_names("\n", "l"));
}

}  // namespace
}  // namespace oodml::embedding_files
