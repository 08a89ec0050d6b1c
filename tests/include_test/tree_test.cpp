// What the tree promises to who looks for something in it: files that are read in one go, a folder of tests for every
// folder of sources, and no test that nobody runs.
#include <gtest/gtest.h>

#include <algorithm>
#include <map>
#include <set>

#include "tests/include_test/source_tree.h"

namespace oodml::include_test {
namespace {

constexpr std::ptrdiff_t kMaxLines = 350;

/// Source folders whose tests lie in the folder of tests above, each with the reason. An entry holds for all that is
/// below it.
const std::map<std::string, std::string> kTestedAbove = {
    {"core/catalogue/criteria", "entries of one list, tested as the list"},
    {"core/collective/gloo_names", "names that LibTorch's headers want; nothing of it runs"},
    {"core/criteria/scripts", "tested with the modules that it runs, in tests/core/scripts"},
    {"core/commands/create_splits", "a command, run as the program by tests/core/commands"},
    {"core/commands/embed_images", "a command, run as the program by tests/core/commands"},
    {"core/commands/evaluate", "a command, run as the program by tests/core/commands"},
    {"core/commands/map_splits", "a command, run as the program by tests/core/commands"},
    {"core/commands/subclasses", "a command, run as the program by tests/core/commands"},
    {"core/commands/toy", "a command, run as the program by tests/core/commands"},
    {"coordinator/service", "headers of plain types and interfaces, which every test of the coordinator goes through"},
    {"coordinator/store/migrations", "steps of one schema, tested as the schema in tests/coordinator/store"},
    {"coordinator/cli/commands", "commands of one program, run against one fake service in tests/coordinator/cli"},
    {"coordinator/cli/local", "a command, tested beside the others in tests/coordinator/cli"},
    {"coordinator/cli/output", "what commands print, tested beside them in tests/coordinator/cli"},
    {"coordinator/cli/watch", "a command, tested beside the others in tests/coordinator/cli"},
};

std::string parent_of(const std::string& path) { return std::filesystem::path(path).parent_path(); }
std::string name_of(const std::string& path) { return std::filesystem::path(path).filename(); }

bool is_in_or_below(const std::string& folder, const std::string& outer) {
  return folder == outer || folder.starts_with(outer + "/");
}

bool is_tested_above(const std::string& folder) {
  return std::any_of(kTestedAbove.begin(), kTestedAbove.end(),
                     [&](const auto& entry) { return is_in_or_below(folder, entry.first); });
}

/// The folders of `sources` that have no test in or below a folder of their name among `tests`.
std::vector<std::string> folders_without_tests(const std::vector<std::string>& sources,
                                               const std::vector<std::string>& tests) {
  std::set<std::string> wanted, tested;
  for (const std::string& path : sources) wanted.insert("tests/" + parent_of(path));
  for (const std::string& path : tests) {
    if (!path.ends_with("_test.cpp")) continue;
    for (std::string folder = parent_of(path); !folder.empty(); folder = parent_of(folder)) tested.insert(folder);
  }
  std::vector<std::string> missing;
  for (const std::string& folder : wanted) {
    if (!tested.contains(folder)) missing.push_back(folder.substr(std::string("tests/").size()));
  }
  return missing;
}

/// Whether a CMakeLists.txt in `folder` takes the file: by its name, by a pattern of its folder, or with everything.
bool takes(const std::string& list, const std::string& folder, const std::string& path) {
  if (list.find(name_of(path)) != std::string::npos) return true;
  const std::string inner = path.substr(folder.size() + 1);
  if (list.find(" " + inner.substr(0, inner.find('/')) + "/*.cpp") != std::string::npos) return true;
  const bool takes_everything =
      list.find("oodml_test(") != std::string::npos && list.find("SOURCES") == std::string::npos;
  return takes_everything;
}

TEST(TreeTest, NoFileIsTooLongToBeReadInOneGo) {
  for (const std::string& path : files_below({"core", "coordinator", "worker", "proto", "tests", "deploy"},
                                             {".h", ".cpp", ".proto", ".py", ".sh"})) {
    const std::string text = content_of(path);
    const auto lines = std::count(text.begin(), text.end(), '\n');
    EXPECT_LE(lines, kMaxLines) << path << ": part it by its ideas";
  }
}

TEST(TreeTest, EveryFolderOfSourcesHasOneOfTests) {
  const auto sources = files_below({"core", "coordinator", "worker", "proto"}, {".h", ".cpp"});
  for (const std::string& folder : folders_without_tests(sources, files_below({"tests"}, {".cpp"}))) {
    EXPECT_TRUE(is_tested_above(folder)) << "no test in tests/" << folder << ", and no reason in " << __FILE__;
  }
}

TEST(TreeTest, WhatIsTestedAboveIsThere) {
  for (const auto& [folder, reason] : kTestedAbove) {
    EXPECT_TRUE(std::filesystem::is_directory(source_root() / folder)) << folder << " is gone: " << reason;
    EXPECT_FALSE(std::filesystem::is_directory(source_root() / "tests" / folder)) << folder << " has tests of its own";
  }
}

TEST(TreeTest, EveryFileOfTestsIsCompiled) {
  for (const std::string& path : files_below({"tests"}, {".cpp"})) {
    if (!path.ends_with("_test.cpp")) continue;
    std::string folder = parent_of(path);
    while (!std::filesystem::exists(source_root() / folder / "CMakeLists.txt")) folder = parent_of(folder);
    EXPECT_TRUE(takes(content_of(folder + "/CMakeLists.txt"), folder, path))
        << path << ": not in " << folder << "/CMakeLists.txt";
  }
}

// The checks themselves must be able to fail.
TEST(TreeTest, ReportsWhatIsMissing) {
  using Paths = std::vector<std::string>;
  const Paths sources = {"core/job/lease.h", "core/job/lease.cpp", "core/sweep/plan.cpp", "worker/bell.h"};
  EXPECT_EQ(folders_without_tests(sources, {"tests/core/job/lease_test.cpp", "tests/core/sweep/plans.cpp"}),
            (Paths{"core/sweep", "worker"}));
  EXPECT_EQ(folders_without_tests({"worker/bell.h"}, {"tests/worker/bell/rings_test.cpp"}), Paths{});
  EXPECT_TRUE(is_tested_above("core/collective/gloo_names/gloo/common"));
  EXPECT_FALSE(is_tested_above("core/collective"));
  EXPECT_TRUE(takes("oodml_test(a SOURCES x_test.cpp)", "tests/a", "tests/a/x_test.cpp"));
  EXPECT_FALSE(takes("oodml_test(a SOURCES x_test.cpp)", "tests/a", "tests/a/y_test.cpp"));
  EXPECT_TRUE(takes("oodml_test(a DEPENDS oodml::base)", "tests/a", "tests/a/b/y_test.cpp"));
  EXPECT_FALSE(takes("add_subdirectory(c)", "tests/a", "tests/a/b/y_test.cpp"));
  EXPECT_TRUE(takes("file(GLOB_RECURSE sources b/*.cpp) oodml_test(a SOURCES)", "tests/a", "tests/a/b/c/y_test.cpp"));
}

}  // namespace
}  // namespace oodml::include_test
