// A test that no CMakeLists.txt names is never run, and nothing fails.
#include <gtest/gtest.h>

#include "tests/include_test/source_tree.h"

namespace oodml::include_test {
namespace {

namespace fs = std::filesystem;

/// The nearest folder outwards that has a CMakeLists.txt.
fs::path building_folder(const fs::path& path) {
  fs::path folder = path.parent_path();
  while (!folder.empty() && !fs::exists(source_root() / folder / "CMakeLists.txt")) folder = folder.parent_path();
  return folder;
}

/// Without SOURCES every .cpp of the folder belongs to its one test program.
bool is_built(const fs::path& path) {
  const fs::path folder = building_folder(path);
  const std::string text = content_of(folder / "CMakeLists.txt");
  return text.find("SOURCES") == text.npos || text.find(path.lexically_relative(folder).native()) != text.npos;
}

TEST(BuiltTest, EveryTestBelongsToATestProgram) {
  int tests = 0;
  for (const std::string& path : files_below({"tests"}, {".cpp"})) {
    if (!path.ends_with("_test.cpp")) continue;
    ++tests;
    EXPECT_TRUE(is_built(path)) << path << " is not named in " << (building_folder(path) / "CMakeLists.txt").native()
                                << ": it is never run";
  }
  EXPECT_GT(tests, 200);
}

}  // namespace
}  // namespace oodml::include_test
