// Whatever a comment, a page or a help text cites is there for its reader: pages of docs/ with their headings, the
// ids of docs/quirks.md, files and folders of the tree that a page names.
#include <gtest/gtest.h>

#include <algorithm>
#include <cctype>
#include <map>
#include <regex>
#include <set>

#include "tests/include_test/source_tree.h"

namespace oodml::include_test {
namespace {

namespace fs = std::filesystem;

/// A heading's name in links: "N-pair" -> n-pair, "Rho spectrum" -> rho-spectrum.
std::string anchor_of(std::string_view heading) {
  std::string anchor;
  for (const char c : heading) {
    const auto byte = static_cast<unsigned char>(c);
    if (std::isalnum(byte) || c == '_' || c == '-') anchor += static_cast<char>(std::tolower(byte));
    if (c == ' ') anchor += '-';
  }
  return anchor;
}

std::set<std::string> anchors_of(const std::string& page) {
  std::set<std::string> anchors;
  std::istringstream lines(content_of(page));
  for (std::string line; std::getline(lines, line);) {
    const auto text = line.find_first_not_of('#');
    if (text != 0 && text != std::string::npos && line[text] == ' ') anchors.insert(anchor_of(line.substr(text + 1)));
  }
  return anchors;
}

/// The pages of the tree, each with its anchors; an unknown one has none and does not exist.
class Pages {
 public:
  /// What is wrong with a link to `page#anchor` ("" for the page as a whole); empty when nothing is.
  std::string problem_with(const std::string& page, const std::string& anchor) {
    if (!fs::is_regular_file(source_root() / page)) return page + " does not exist";
    if (anchor.empty()) return "";
    auto [known, is_new] = anchors_.try_emplace(page);
    if (is_new) known->second = anchors_of(page);
    return known->second.contains(anchor) ? "" : page + " has no heading #" + anchor;
  }

 private:
  std::map<std::string, std::set<std::string>> anchors_;
};

std::set<std::string> quirk_ids() {
  std::set<std::string> ids;
  const std::string text = content_of("docs/quirks.md");
  static const std::regex kRow(R"(\n\| ([QTS]\d+) \|)");
  for (std::sregex_iterator row(text.begin(), text.end(), kRow); row != std::sregex_iterator(); ++row) {
    ids.insert((*row)[1]);
  }
  return ids;
}

template <typename Check>
void for_each_match(const std::string& text, const std::regex& pattern, Check check) {
  for (std::sregex_iterator match(text.begin(), text.end(), pattern); match != std::sregex_iterator(); ++match) {
    check(*match);
  }
}

/// Whether a path is a file, a folder, or a pair of files without their endings, from the root or from a page's folder.
bool is_in_the_tree(std::string path, const fs::path& page) {
  while (path.ends_with('.') || path.ends_with('/')) path.pop_back();
  for (const char* ending : {"", ".h", ".cpp"}) {
    if (fs::exists(source_root() / (path + ending))) return true;
    if (fs::exists(source_root() / page.parent_path() / (path + ending))) return true;
  }
  return false;
}

/// The paths from the root in a line. One that stands for many (core/criteria/<family>/<name>.h, configs/sweeps/*.yaml)
/// as far as it is one name: core/criteria, configs/sweeps.
std::vector<std::string> paths_in(const std::string& line) {
  static constexpr std::string_view kOfPaths = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_./-";
  std::vector<std::string> paths;
  for (const char* root : {"core/", "coordinator/", "worker/", "proto/", "tests/", "configs/", "deploy/", "cmake/"}) {
    for (auto begin = line.find(root); begin != line.npos; begin = line.find(root, begin + 1)) {
      if (begin > 0 && std::string_view(" \t`(\"'").find(line[begin - 1]) == std::string_view::npos) continue;
      const auto end = std::min(line.find_first_not_of(kOfPaths, begin), line.size());
      std::string path = line.substr(begin, end - begin);
      if (end < line.size() && std::string_view("<*{$").find(line[end]) != std::string_view::npos) {
        path.resize(path.rfind('/'));
      }
      paths.push_back(std::move(path));
    }
  }
  return paths;
}

/// What one line cites in vain.
std::vector<std::string> dead_citations(const std::string& path, const std::string& line, Pages& pages,
                                        const std::set<std::string>& quirks) {
  static const std::regex kDocs(R"((docs/[\w/]+\.md)(?:#([\w-]+))?)");
  static const std::regex kReadme(R"((?:^|[^\w/$])([a-z][\w/]*/README\.md))");
  static const std::regex kLink(R"(\]\(([\w/.-]*)(?:#([\w-]+))?\))");
  static const std::regex kQuirk(R"([Qq]uirks? ([QTS]\d+)\b|\((Q\d+)[),:]|\b(Q\d+):)");
  static const std::regex kElsewhere(R"((^|[^\w/])spec/[a-z])");
  static const std::regex kBare(R"((^|[^\w/])(objectives-and-metrics|training|splits|experiments)\.md)");
  const bool is_page = path.ends_with(".md");
  const auto has = [&](std::string_view word) { return line.find(word) != line.npos; };  // patterns are slow
  std::vector<std::string> dead;
  const auto add = [&](const std::string& problem) {
    if (!problem.empty()) dead.push_back(problem);
  };
  if (has("docs/")) for_each_match(line, kDocs, [&](const std::smatch& m) { add(pages.problem_with(m[1], m[2])); });
  if (has("/README.md"))
    for_each_match(line, kReadme, [&](const std::smatch& m) { add(pages.problem_with(m[1], "")); });
  if (is_page) {
    for_each_match(line, kLink, [&](const std::smatch& m) {
      const fs::path target = m.str(1).empty() ? fs::path(path) : fs::path(path).parent_path() / m.str(1);
      add(pages.problem_with(target.lexically_normal(), m[2]));
    });
    for (const std::string& cited : paths_in(line)) {
      if (!is_in_the_tree(cited, path)) dead.push_back(cited + " does not exist");
    }
  }
  if (has("uirk") || has("Q")) {
    for_each_match(line, kQuirk, [&](const std::smatch& m) {
      const std::string id = m.str(1) + m.str(2) + m.str(3);
      if (!quirks.contains(id)) dead.push_back("docs/quirks.md has no " + id);
    });
  }
  const bool is_elsewhere = has("spec/") && std::regex_search(line, kElsewhere);
  if (is_elsewhere || (!is_page && has(".md") && std::regex_search(line, kBare)))
    dead.push_back("cites a document that is not in the tree");
  return dead;
}

TEST(CitationsTest, WhatIsCitedIsThere) {
  std::vector<std::string> paths =
      files_below({"core", "coordinator", "worker", "proto", "tests", "configs", "deploy", "docs"},
                  {".h", ".cpp", ".md", ".proto", ".py", ".yaml", ".txt", ".sh", ".toml"});
  paths.insert(paths.end(), {"README.md", "CONTRIBUTING.md"});
  ASSERT_GT(paths.size(), 400u) << "the sources were not found below " << source_root();
  Pages pages;
  const std::set<std::string> quirks = quirk_ids();
  ASSERT_GT(quirks.size(), 50u);
  for (const std::string& path : paths) {
    if (path.starts_with("tests/include_test/")) continue;  // the patterns themselves
    std::istringstream lines(content_of(path));
    int number = 0;
    for (std::string line; std::getline(lines, line);) {
      ++number;
      for (const std::string& problem : dead_citations(path, line, pages, quirks)) {
        ADD_FAILURE() << path << ":" << number << ": " << problem << ": " << line.substr(0, 150);
      }
    }
  }
}

// The check itself must be able to fail.
TEST(CitationsTest, ReportsWhatIsNotThere) {
  Pages pages;
  const auto problems = [&](const char* path, const char* line) {
    return dead_citations(path, line, pages, {"Q8", "T33"}).size();
  };
  EXPECT_EQ(problems("a.h", "/// Source: docs/criteria.md#margin, docs/metrics.md (quirk Q8)"), 0u);
  EXPECT_EQ(problems("a.h", "/// Source: docs/criteria.md#marign"), 1u);
  EXPECT_EQ(problems("a.h", "/// Source: docs/nothing.md"), 1u);
  EXPECT_EQ(problems("a.h", "/// as in quirk Q99"), 1u);
  EXPECT_EQ(problems("a.h", "/// left out (Q99)"), 1u);
  EXPECT_EQ(problems("a.h", "/// spec/objectives-and-metrics.md 1.2"), 1u);
  EXPECT_EQ(problems("a.h", "/// Source: training.md 4.2"), 1u);
  EXPECT_EQ(problems("a.h", "version https://git-lfs.github.com/spec/v1"), 0u);
  EXPECT_EQ(problems("a.h", "/// as published (splits.md 1)"), 1u);
  EXPECT_EQ(problems("docs/a.md", "see [margin](criteria.md#margin), [here](metrics.md#nothing)"), 1u);
  EXPECT_EQ(problems("docs/a.md", "see core/nothing/README.md and core/miners/README.md"), 2u);
  EXPECT_EQ(problems("docs/a.md", "`core/miners/miner.h`, `core/miners/semihard` and core/miners."), 0u);
  EXPECT_EQ(problems("docs/a.md", "`core/miners/<name>.h`, `configs/sweeps/*.yaml`, `tests/run.sh --fuzz`"), 0u);
  EXPECT_EQ(problems("docs/a.md", "`core/miners/nothing.h`, `core/nothing/<name>.h`"), 2u);
  EXPECT_EQ(problems("a.h", "// core/miners/nothing.h"), 0u);
  EXPECT_EQ(anchor_of("What a backbone returns"), "what-a-backbone-returns");
}

}  // namespace
}  // namespace oodml::include_test
