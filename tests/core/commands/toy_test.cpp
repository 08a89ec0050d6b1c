#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>
#include <nlohmann/json.hpp>

#include "tests/support/process.h"
#include "tests/support/temporary_folder.h"

namespace oodml::testing {
namespace {

Output toy(std::vector<std::string> words, const std::string& of = "oodml-core") {
  words.insert(words.begin(), {program(of), "toy"});
  return run(words);
}

std::size_t lines_of(const std::filesystem::path& file) {
  const std::string text = read_text(file);
  return static_cast<std::size_t>(std::ranges::count(text, '\n'));
}

TEST(ToyTest, WritesEveryNumberAndATable) {
  const TemporaryFolder folder;
  const Output output = toy({"-o", folder / "new/toy"}, "oodml");
  ASSERT_EQ(output.exit_code, 0) << output.err;
  EXPECT_NE(output.out.find("Toy experiment, seed 1: 60 training points of 4 classes, 200 steps"), std::string::npos);
  EXPECT_NE(output.out.find("spread over more directions"), std::string::npos) << output.out;

  const auto document = nlohmann::json::parse(read_text(folder / "new/toy/toy.json"));
  EXPECT_EQ(document.at("seed"), 1);
  EXPECT_EQ(document.at("data").at("train").size(), 60U);
  EXPECT_EQ(document.at("data").at("labels").at(59), 3);
  EXPECT_EQ(document.at("data").at("test").at("test 3").size(), 15U);
  for (const char* network : {"base", "regularised"}) {
    const auto& learned = document.at("networks").at(network);
    EXPECT_EQ(learned.at("train").size(), 60U);
    EXPECT_EQ(learned.at("test").at("test 0").at(14).size(), 2U);
    EXPECT_EQ(learned.at("losses").size(), 200U);
    EXPECT_EQ(learned.at("singular_values").size(), 2U);
    EXPECT_EQ(lines_of(folder / ("new/toy/" + std::string(network) + ".csv")), 1U + 60 + 60);
  }
  EXPECT_EQ(lines_of(folder / "new/toy/data.csv"), 1U + 60 + 60);
  EXPECT_EQ(lines_of(folder / "new/toy/singular_values.csv"), 1U + 4);
  EXPECT_EQ(lines_of(folder / "new/toy/losses.csv"), 1U + 200);
  EXPECT_EQ(read_text(folder / "new/toy/toy.pdf").substr(0, 5), "%PDF-");
  const std::string svg = read_text(folder / "new/toy/toy.svg");
  for (const char* text : {"Data", "Base", "Regularised", "class 3", "test 0", "Singular values", "second"}) {
    EXPECT_NE(svg.find(text), std::string::npos) << text;
  }
}

TEST(ToyTest, WithoutAPictureTheNumbersAreThereAndTheMessageSaysWhatIsMissing) {
  const TemporaryFolder folder;
  const Output output =
      run({program("oodml-core"), "toy", "-o", folder / "toy"}, {.environment = {{"OODML_GNUPLOT", "/bin/false"}}});
  EXPECT_NE(output.exit_code, 0);
  EXPECT_NE(output.err.find("gnuplot failed in"), std::string::npos) << output.err;
  EXPECT_NE(output.out.find("regularised"), std::string::npos) << output.out;
  EXPECT_TRUE(std::filesystem::exists(folder / "toy/toy.json"));
  EXPECT_TRUE(std::filesystem::exists(folder / "toy/toy.gp"));
}

TEST(ToyTest, TheSameSeedWritesTheSameFiles) {
  const TemporaryFolder folder;
  for (const char* name : {"a", "b"}) ASSERT_EQ(toy({"--seed", "3", "-o", folder / name}).exit_code, 0);
  ASSERT_EQ(toy({"--seed", "4", "-o", folder / "c"}).exit_code, 0);
  EXPECT_EQ(read_text(folder / "a/toy.json"), read_text(folder / "b/toy.json"));
  EXPECT_NE(read_text(folder / "a/toy.json"), read_text(folder / "c/toy.json"));
}

TEST(ToyTest, FilesOfAnEarlierRunStayUnlessForced) {
  const TemporaryFolder folder;
  write_text(folder / "toy.json", "mine");
  const Output refused = toy({"-o", folder.path()});
  EXPECT_EQ(refused.exit_code, 6) << refused.err;
  EXPECT_NE(refused.err.find("toy.json exists; name another folder, or write over it with --force"), std::string::npos)
      << refused.err;
  EXPECT_EQ(read_text(folder / "toy.json"), "mine");
  EXPECT_EQ(toy({"-o", folder.path(), "--force"}).exit_code, 0);
  EXPECT_NE(read_text(folder / "toy.json"), "mine");
}

TEST(ToyTest, WrongWordsSayWhatWouldDo) {
  const TemporaryFolder folder;
  write_text(folder / "file", "");
  EXPECT_EQ(toy({"--seed", "-1"}).exit_code, 2);
  EXPECT_EQ(toy({"--seed", "one"}).exit_code, 2);
  EXPECT_EQ(toy({"folder"}).exit_code, 2);
  const Output below_a_file = toy({"-o", folder / "file/toy"});
  EXPECT_NE(below_a_file.exit_code, 0);
  EXPECT_NE(below_a_file.err.find("file"), std::string::npos) << below_a_file.err;
  EXPECT_EQ(below_a_file.out, "");
}

}  // namespace
}  // namespace oodml::testing
