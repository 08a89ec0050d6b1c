#include "core/figures/draw.h"

#include <gtest/gtest.h>

#include <cstdlib>

#include "core/base/atomic_file.h"
#include "tests/core/figures/sample_figures.h"
#include "tests/support/temporary_folder.h"

namespace oodml::figures {
namespace {

std::string content(const std::filesystem::path& path) {
  const auto text = read_file(path, 1 << 24);
  return text ? *text : "";
}

class DrawTest : public ::testing::Test {
 protected:
  void TearDown() override {
    unsetenv("OODML_GNUPLOT");
    setenv("PATH", path_.c_str(), 1);
  }
  const std::string path_ = std::getenv("PATH");
  testing::TemporaryFolder folder_;
};

TEST_F(DrawTest, EveryKindOfPanelBecomesPdfAndSvg) {
  const Status drawn = draw({every_kind(), every_kind("again")}, folder_.path());
  ASSERT_TRUE(drawn.ok()) << drawn.message();
  for (const std::string& name : std::vector<std::string>{"every_kind", "again"}) {
    EXPECT_EQ(content(folder_.path() / (name + ".pdf")).substr(0, 5), "%PDF-");
    const std::string svg = content(folder_.path() / (name + ".svg"));
    EXPECT_TRUE(svg.ends_with("</svg>\n\n") || svg.find("</svg>") != std::string::npos);
    for (const char* text :
         {"FID", "S2SD", "default split", "Multisimilarity", "gain, %", "0.50", "Sampling", "distance"}) {
      EXPECT_NE(svg.find(text), std::string::npos) << text;
    }
  }
}

TEST_F(DrawTest, TextsAreNoCommands) {
  ASSERT_TRUE(draw({every_kind()}, folder_.path()).ok());
  const std::string svg = content(folder_.path() / "every_kind.svg");
  EXPECT_NE(svg.find("`id` $HOME"), std::string::npos);
  EXPECT_NE(svg.find("_under^score"), std::string::npos);
}

TEST_F(DrawTest, WithoutGnuplotNumbersAndScriptsAreThere) {
  setenv("PATH", folder_.path().c_str(), 1);
  const Status drawn = draw({every_kind()}, folder_.path() / "report");
  EXPECT_EQ(drawn.code(), StatusCode::kFailedPrecondition);
  EXPECT_NE(drawn.message().find("apt install gnuplot-nox"), std::string::npos);
  EXPECT_TRUE(std::filesystem::exists(folder_.path() / "report" / "every_kind.csv"));
  EXPECT_TRUE(std::filesystem::exists(folder_.path() / "report" / "every_kind.gp"));
}

TEST_F(DrawTest, WhatGnuplotSaysIsTold) {
  setenv("OODML_GNUPLOT", "/bin/false", 1);
  const Status drawn = draw({every_kind()}, folder_.path());
  EXPECT_EQ(drawn.code(), StatusCode::kFailedPrecondition);
  EXPECT_NE(drawn.message().find("gnuplot failed in"), std::string::npos);
}

TEST_F(DrawTest, NamesThatLeaveTheFolderAndUnequalListsAreRefused) {
  for (const char* name : {"", "../up", "a/b", ".hidden", "-option"}) {
    EXPECT_EQ(draw({every_kind(name)}, folder_.path()).code(), StatusCode::kInvalidArgument) << name;
  }
  Figure figure = every_kind();
  figure.panels[0].series[0].y.pop_back();
  EXPECT_EQ(draw({figure}, folder_.path()).code(), StatusCode::kInvalidArgument);
}

}  // namespace
}  // namespace oodml::figures
