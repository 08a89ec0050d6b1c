#include "core/command_line/problem.h"

#include <gtest/gtest.h>

#include <algorithm>

#include "core/base/exit_code.h"
#include "tests/support/process.h"
#include "tests/support/temporary_folder.h"

namespace oodml::command_line {
namespace {

/// A program with a needed option, and two levels of commands.
class ProblemTest : public ::testing::Test {
 protected:
  ProblemTest() : app_("", "program") {
    app_.require_subcommand(0, 1);
    app_.add_option("--benchmarks-root", root_)->required();
    app_.add_option("-n,--number", number_);
    CLI::App* db = app_.add_subcommand("db");
    db->require_subcommand(0, 1);
    db->add_subcommand("backup")->add_option("--keep", number_);
  }
  std::string of(std::vector<std::string> words) {
    try {
      std::ranges::reverse(words);
      app_.parse(words);
    } catch (const CLI::ParseError& error) {
      return problem(app_, error);
    }
    return "";
  }
  CLI::App app_;
  std::string root_;
  int number_ = 0;
};

TEST_F(ProblemTest, AnUnknownOptionIsToldBeforeWhatIsMissingForIt) {
  EXPECT_EQ(of({"--benchmark-root", "/data"}),
            "unknown option '--benchmark-root'; did you mean '--benchmarks-root'? See program --help");
  EXPECT_EQ(of({"--benchmark-root=/data"}),
            "unknown option '--benchmark-root=/data'; did you mean '--benchmarks-root'? See program --help");
  EXPECT_EQ(of({"--frobnicate"}), "unknown option '--frobnicate'; see program --help");
}

TEST_F(ProblemTest, WhatIsMissingOrWrongIsTheParsersOwnSentence) {
  EXPECT_EQ(of({}), "--benchmarks-root is required; see program --help");
  const std::string wrong = of({"--benchmarks-root", "/data", "-n", "many"});
  EXPECT_NE(wrong.find("many"), std::string::npos) << wrong;
  EXPECT_TRUE(wrong.ends_with("; see program --help")) << wrong;
}

TEST_F(ProblemTest, AFileOfOptionsIsHeldToTheSameWords) {
  app_.set_config("--config");
  app_.allow_config_extras(CLI::config_extras_mode::error);
  const testing::TemporaryFolder folder;
  const auto with = [&](const std::string& text) {
    testing::write_text(folder / "a.toml", text);
    return of({"--benchmarks-root", "/data", "--config", folder / "a.toml"});
  };
  EXPECT_EQ(with("number = 3\n"), "");
  EXPECT_EQ(with("numbr = 3\n"),
            "unknown setting 'numbr' in the file of --config; did you mean 'number'? See program --help");
  EXPECT_EQ(with("colour = 3\n"), "unknown setting 'colour' in the file of --config; see program --help");
  EXPECT_EQ(with("[a]\nnumber = 3\n"),
            "the file of --config has the section [a]; wanted are lines `name = value` alone; see program --help");
  EXPECT_EQ(
      with("= 3\n"),
      "the file of --config has a line that is something else; wanted are lines `name = value` alone; see program "
      "--help");
  EXPECT_EQ(of({"--benchmarks-root", "/data", "--config", folder / "none.toml"}),
            "--config " + (folder / "none.toml").string() + " cannot be read; wanted is a file; see program --help");
}

TEST_F(ProblemTest, CommandsBelowCommandsHaveTheirOwnHelp) {
  EXPECT_EQ(of({"--benchmarks-root", "/data", "db", "backup", "--kep", "3"}),
            "unknown option '--kep'; did you mean '--keep'? See program db backup --help");
  EXPECT_EQ(of({"--benchmarks-root", "/data", "db", "bakcup"}),
            "unknown command 'bakcup'; did you mean 'backup'? See program db --help");
  EXPECT_EQ(of({"--benchmarks-root", "/data", "db", "backup", "a.db"}),
            "'a.db' is one argument too many; see program db backup --help");
}

TEST_F(ProblemTest, BytesOfAWordCannotChangeATerminal) {
  EXPECT_EQ(of({"--x\x1b[2J"}), "unknown option '--x\\x1b[2J'; see program --help");
}

TEST_F(ProblemTest, OnlyWhatWasAskedForIsASuccess) {
  EXPECT_EQ(say(app_, CLI::CallForHelp()), kExitDone);
  EXPECT_EQ(say(app_, CLI::RequiredError("--benchmarks-root")), kExitUsage);
}

}  // namespace
}  // namespace oodml::command_line
