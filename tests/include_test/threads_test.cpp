// at::parallel_for is a template of OpenMP pragmas: compiled without the option it is a plain loop and says nothing of
// it.
#include <gtest/gtest.h>

#include <filesystem>

#include "tests/include_test/source_tree.h"

namespace oodml::include_test {
namespace {

constexpr std::string_view kLoop = "parallel_for(", kKind = "PCH torch_threads";

/// The oodml_library(...) calls of a CMake file.
std::vector<std::string> libraries_in(const std::string& cmake) {
  constexpr std::string_view kCall = "oodml_library(";
  std::vector<std::string> calls;
  for (auto at = cmake.find(kCall); at != std::string::npos; at = cmake.find(kCall, at + 1)) {
    calls.push_back(cmake.substr(at, cmake.find(')', at) - at));
  }
  return calls;
}

/// Whether a library names the source, or takes all that there are.
bool has_source(const std::string& library, const std::string& name) {
  return library.find(" SOURCES ") == std::string::npos || library.find(" " + name) != std::string::npos;
}

/// Whether the library of the source, in the nearest CMake file that has one, is compiled with threads.
bool is_compiled_with_threads(const std::filesystem::path& source) {
  for (auto folder = source.parent_path(); !folder.empty(); folder = folder.parent_path()) {
    for (const std::string& library : libraries_in(content_of(folder / "CMakeLists.txt"))) {
      if (has_source(library, source.lexically_relative(folder))) return library.find(kKind) != std::string::npos;
    }
  }
  return false;
}

bool has_loop(const std::string& path) { return content_of(path).find(kLoop) != std::string::npos; }

TEST(ThreadsTest, SourcesWithParallelLoopsAreCompiledWithThreads) {
  std::vector<std::string> headers = files_below({"core", "coordinator", "worker"}, {".h"});
  std::erase_if(headers, [](const std::string& path) { return !has_loop(path); });
  std::size_t found = 0;
  for (const std::string& path : files_below({"core", "coordinator", "worker"}, {".cpp"})) {
    const std::string source = content_of(path);
    const bool includes_loop = std::any_of(headers.begin(), headers.end(), [&](const std::string& header) {
      return source.find("#include \"" + header + "\"") != std::string::npos;
    });
    if (!has_loop(path) && !includes_loop) continue;
    ++found;
    EXPECT_TRUE(is_compiled_with_threads(path)) << path << " calls at::parallel_for: its oodml_library needs " << kKind;
  }
  EXPECT_GT(found, 0u);
}

TEST(ThreadsTest, ALibraryIsFoundByItsSources) {
  const auto calls =
      libraries_in("oodml_library(a SOURCES x.cpp\n  y.cpp PCH torch)\noodml_library(b DEPENDS torch)\n");
  ASSERT_EQ(calls.size(), 2u);
  EXPECT_TRUE(has_source(calls[0], "y.cpp"));
  EXPECT_FALSE(has_source(calls[0], "z.cpp"));
  EXPECT_TRUE(has_source(calls[1], "z.cpp"));
}

}  // namespace
}  // namespace oodml::include_test
