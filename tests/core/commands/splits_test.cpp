#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

#include "tests/core/pickle/pickle_text.h"
#include "tests/support/process.h"
#include "tests/support/temporary_folder.h"

namespace oodml::testing {
namespace {

using pickled::dict;
using pickled::integer;
using pickled::small_split_file;
using pickled::texts;

/// A pickle with split 1 (a and b train, c and d are tested) and its benchmark on disk, three images a class.
class SplitsCommandTest : public ::testing::Test {
 protected:
  SplitsCommandTest() : pickle_(folder_ / "cars196_splits.pkl") {
    write_text(pickle_, small_split_file({{"test_episodes", episodes({"1.jpg"})}}));
    for (const char* name : {"a", "b", "c", "d"}) {
      std::filesystem::create_directories(folder_ / "cars196/images" / name);
      for (const char* file : {"1.jpg", "2.jpg", "3.jpg"}) write_text(folder_ / "cars196/images" / name / file, "");
    }
  }
  static std::string episodes(const std::vector<std::string>& files) {
    using pickled::text;
    const std::string episode = dict({{text("c"), texts(files)}, {text("d"), texts(files)}});
    return dict({{integer(static_cast<std::int32_t>(files.size())), dict({{integer(0), episode}})}});
  }
  Output command(std::vector<std::string> words, const std::string& of = "oodml-core") {
    words.insert(words.begin(), {program(of), "splits"});
    return run(words);
  }

  TemporaryFolder folder_;
  std::filesystem::path pickle_;
};

TEST_F(SplitsCommandTest, ImportWritesAFileThatSaysTheSame) {
  const auto json = folder_ / "splits.json";
  const Output imported = command({"import", pickle_, "--output", json, "--root", folder_.path()});
  ASSERT_EQ(imported.exit_code, 0) << imported.err;
  EXPECT_NE(imported.err.find("1 splits of cars196 written, and all of it is on disk"), std::string::npos);
  const auto document = nlohmann::json::parse(read_text(json));
  EXPECT_EQ(document.at("benchmark"), "cars196");
  EXPECT_EQ(document.at("splits").at("1").at("train"), (std::vector<std::string>{"a", "b"}));
  EXPECT_EQ(command({"import", pickle_}).out, read_text(json));
  EXPECT_EQ(command({"import", json}).out, read_text(json));
}

TEST_F(SplitsCommandTest, ImportNamesWhatIsNotOnDiskAndWritesNothing) {
  write_text(pickle_, small_split_file({{"test_episodes", episodes({"1.jpg", "9_2.jpg"})}}));
  std::filesystem::remove_all(folder_ / "cars196/images/a");
  const Output refused = command({"import", pickle_, "--output", folder_ / "x.json", "--root", folder_.path()});
  EXPECT_EQ(refused.exit_code, 6);
  for (const char* part :
       {"cars196_splits.pkl: the splits do not fit", "split 1, train[0]: class 'a' is not on disk",
        "test_episodes.2[0], class 'c': no image 9_2.jpg", "class 'd': 3 images leave fewer than two"}) {
    EXPECT_NE(refused.err.find(part), std::string::npos) << refused.err;
  }
  EXPECT_FALSE(std::filesystem::exists(folder_ / "x.json"));
}

TEST_F(SplitsCommandTest, WhatIsOddAboutAFileIsNoted) {
  const std::string note =
      "note: " + pickle_.string() + ": 1 episodes instead of the 10 of the published files: splits.1.test_episodes.1";
  for (const char* name : {"show", "import"}) {
    const Output output = command({name, pickle_});
    EXPECT_EQ(output.exit_code, 0) << output.err;
    EXPECT_NE(output.err.find(note), std::string::npos) << output.err;
  }
}

TEST_F(SplitsCommandTest, ABenchmarkOfOnesOwnNeedsItsLayout) {
  std::filesystem::rename(folder_ / "cars196", folder_ / "mine");
  const std::vector<std::string> words = {"import", pickle_, "--root", folder_.path(), "--benchmark", "mine"};
  const Output refused = command(words);
  EXPECT_EQ(refused.exit_code, 2);
  EXPECT_NE(refused.err.find("--layout: cub200"), std::string::npos) << refused.err;
  auto with_layout = words;
  with_layout.insert(with_layout.end(), {"--layout", "image_folder"});
  const Output imported = command(with_layout);
  EXPECT_EQ(imported.exit_code, 0) << imported.err;
  EXPECT_EQ(nlohmann::json::parse(imported.out).at("benchmark"), "mine");
}

TEST_F(SplitsCommandTest, ShowPrintsATableOrJsonOfEitherForm) {
  const Output table = command({"show", pickle_}, "oodml");
  ASSERT_EQ(table.exit_code, 0) << table.err;
  EXPECT_NE(table.out.find("cars196: 1 splits"), std::string::npos) << table.out;
  EXPECT_NE(table.out.find("8.5000"), std::string::npos) << table.out;
  const Output json = command({"show", pickle_, "-o", "json"}, "oodml");
  EXPECT_EQ(nlohmann::json::parse(json.out).at("splits").at(0).at("fid"), 8.5);
  const Output unknown = command({"show", pickle_, "--base", "7"});
  EXPECT_EQ(unknown.exit_code, 2);
  EXPECT_NE(unknown.err.find("no split '7'"), std::string::npos) << unknown.err;
}

TEST_F(SplitsCommandTest, HostileFilesAreRefusedWithTheByte) {
  write_text(pickle_, pickled::file(pickled::global("os", "system") + "]R"));
  for (const char* word : {"show", "import"}) {
    const Output refused = command({word, pickle_});
    EXPECT_EQ(refused.exit_code, 2);
    EXPECT_NE(refused.err.find("cars196_splits.pkl: byte 2: the global 'os system' is refused"), std::string::npos)
        << refused.err;
  }
  EXPECT_EQ(command({"show", folder_ / "none.pkl"}).exit_code, 5);
  EXPECT_EQ(command({}).exit_code, 2);
}

}  // namespace
}  // namespace oodml::testing
