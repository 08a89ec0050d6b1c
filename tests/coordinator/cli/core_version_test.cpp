#include "coordinator/cli/local/core_version.h"

#include <gtest/gtest.h>
#include <sys/stat.h>

#include "tests/support/process.h"
#include "tests/support/temporary_folder.h"

namespace oodml::cli {
namespace {

class CoreVersionTest : public ::testing::Test {
 protected:
  /// A stand-in for oodml-core, as a shell script.
  std::filesystem::path core(const std::string& script) {
    const std::filesystem::path path = folder_ / "oodml-core";
    oodml::testing::write_text(path, "#!/bin/sh\n" + script + "\n");
    ::chmod(path.c_str(), 0700);
    return path;
  }

  oodml::testing::TemporaryFolder folder_;
};

TEST_F(CoreVersionTest, TheAnswerIsReadBehindWarningsOfLibraries) {
  const auto answer =
      core_version(core(R"(echo "$@" >&2; echo '{"version":1,"oodml-core":"0.1.0","libtorch":"2.13.0","cuda":null}')"));
  ASSERT_TRUE(answer.has_value()) << answer.error().message();
  EXPECT_EQ(answer->at("libtorch"), "2.13.0");
}

TEST_F(CoreVersionTest, AProgramThatFailsSaysWhy) {
  const auto answer = core_version(core("echo 'libtorch_cpu.so: cannot open shared object file' >&2; exit 127"));
  ASSERT_FALSE(answer.has_value());
  EXPECT_EQ(answer.error().code(), StatusCode::kFailedPrecondition);
  EXPECT_NE(answer.error().message().find("version --json failed: libtorch_cpu.so: cannot open"), std::string::npos)
      << answer.error().message();
}

TEST_F(CoreVersionTest, AnythingElseIsNoVersion) {
  for (const char* script : {"echo nonsense", "true", "echo '{}'", "echo '{\"oodml-core\": 3}'", "yes"}) {
    EXPECT_FALSE(core_version(core(script)).has_value()) << script;
  }
  EXPECT_FALSE(core_version(folder_ / "none").has_value());
}

}  // namespace
}  // namespace oodml::cli
