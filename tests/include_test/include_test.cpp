#include <gtest/gtest.h>

#include <algorithm>
#include <set>
#include <sstream>
#include <string>
#include <utility>
#include <vector>

#include "tests/include_test/rules.h"
#include "tests/include_test/source_tree.h"

namespace oodml::include_test {
namespace {

/// What a line includes: core/base/result.h; empty for any other line.
std::string included_by(std::string_view line) {
  const auto skip_spaces = [&] {
    while (!line.empty() && (line.front() == ' ' || line.front() == '\t')) line.remove_prefix(1);
  };
  skip_spaces();
  if (!line.starts_with('#')) return "";
  line.remove_prefix(1);
  skip_spaces();
  if (!line.starts_with("include")) return "";
  line.remove_prefix(7);
  skip_spaces();
  if (line.empty() || (line.front() != '<' && line.front() != '"')) return "";
  line.remove_prefix(1);
  return std::string(line.substr(0, line.find_first_of(">\"")));
}

bool lies_in(std::string_view folder, std::string_view outer) {
  return folder == outer || (folder.starts_with(outer) && folder.substr(outer.size()).starts_with('/'));
}

std::string folder_of(std::string_view path) { return std::string(path.substr(0, path.rfind('/'))); }

/// The rule of the nearest folder outwards; nullptr when there is none.
const Arrow* rule_of(std::string_view folder) {
  const Arrow* nearest = nullptr;
  for (const Arrow& arrow : kArrows) {
    if (!lies_in(folder, arrow.folder)) continue;
    if (nearest == nullptr || arrow.folder.size() > nearest->folder.size()) nearest = &arrow;
  }
  return nearest;
}

/// Ours are written from the root of the repository; what is made of proto/oodml/v1 from proto/.
std::string from_root(std::string_view header) {
  return (header.starts_with("oodml/v1/") ? "proto/" : "") + std::string(header);
}

bool is_ours(std::string_view header) {
  return header.starts_with("core/") || header.starts_with("coordinator/") || header.starts_with("worker/") ||
         header.starts_with("proto/") || header.starts_with("tests/");
}

/// The folder that the rules know a header of ours by.
std::string target_of(std::string_view header) {
  const std::string folder = folder_of(header);
  const Arrow* target = rule_of(folder);
  return target == nullptr ? folder : std::string(target->folder);
}

bool arrow_allows(const Arrow& arrow, std::string_view header) {
  const std::string name = target_of(header);
  return name == arrow.folder ||
         std::find(arrow.may_include.begin(), arrow.may_include.end(), name) != arrow.may_include.end();
}

bool begins_with_one_of(std::string_view text, const std::vector<std::string_view>& starts) {
  return std::any_of(starts.begin(), starts.end(), [&](std::string_view start) { return text.starts_with(start); });
}

/// What the lines of a source include, with their numbers.
std::vector<std::pair<int, std::string>> includes_of(const std::string& source) {
  std::vector<std::pair<int, std::string>> headers;
  std::istringstream lines(source);
  std::string line;
  for (int number = 1; std::getline(lines, line); ++number) {
    if (const std::string header = included_by(line); !header.empty()) headers.emplace_back(number, header);
  }
  return headers;
}

/// Each broken rule of one source as a line: "core/job/lease.h:3: ...".
std::vector<std::string> broken_rules(const std::string& path, const std::string& source) {
  std::vector<std::string> broken;
  const Arrow* arrow = rule_of(folder_of(path));
  if (arrow == nullptr) return {path + ": its folder has no line in tests/include_test/rules.h"};
  for (const auto& [number, header] : includes_of(source)) {
    const std::string place = path + ":" + std::to_string(number) + ": ";
    if (const std::string ours = from_root(header); is_ours(ours) && !arrow_allows(*arrow, ours)) {
      broken.push_back(place + std::string(arrow->folder) + " may not include " + header);
    }
    for (const Room& room : kRooms) {
      if (!begins_with_one_of(header, room.headers) || begins_with_one_of(path, room.places)) continue;
      broken.push_back(place + header + " brings " + std::string(room.library) + " out of its room");
    }
  }
  return broken;
}

/// Permissions that no source needs: "core/distances may include core/base", "FAISS in core/metrics/faiss_".
class UnusedPermissions {
 public:
  UnusedPermissions() {
    for (const Arrow& arrow : kArrows) {
      for (const std::string_view target : arrow.may_include) unused_.insert(arrow_text(arrow, target));
    }
    for (const Room& room : kRooms) {
      for (const std::string_view place : room.places) unused_.insert(room_text(room, place));
    }
  }

  void strike_those_of(const std::string& path, const std::string& source) {
    const Arrow* arrow = rule_of(folder_of(path));
    for (const auto& [number, header] : includes_of(source)) {
      if (arrow != nullptr) unused_.erase(arrow_text(*arrow, target_of(from_root(header))));
      for (const Room& room : kRooms) {
        if (begins_with_one_of(header, room.headers)) strike(room, path);
      }
    }
  }
  const std::set<std::string>& left() const { return unused_; }

 private:
  static std::string arrow_text(const Arrow& arrow, std::string_view target) {
    return std::string(arrow.folder) + " may include " + std::string(target);
  }
  static std::string room_text(const Room& room, std::string_view place) {
    return std::string(room.library) + " in " + std::string(place);
  }
  void strike(const Room& room, const std::string& path) {
    for (const std::string_view place : room.places) {
      if (path.starts_with(place)) unused_.erase(room_text(room, place));
    }
  }

  std::set<std::string> unused_;
};

TEST(IncludeTest, LibrariesStayInTheirRoomsAndArrowsPointOneWay) {
  const std::vector<std::string> paths = files_below({"core", "coordinator", "worker", "proto"}, {".h", ".cpp"});
  ASSERT_GT(paths.size(), 60u) << "the sources were not found below " << source_root();
  for (const std::string& path : paths) {
    for (const std::string& problem : broken_rules(path, content_of(path))) ADD_FAILURE() << problem;
  }
}

TEST(IncludeTest, EveryPermissionIsUsed) {
  UnusedPermissions unused;
  for (const std::string& path : files_below({"core", "coordinator", "worker", "proto"}, {".h", ".cpp"})) {
    unused.strike_those_of(path, content_of(path));
  }
  for (const std::string& permission : unused.left()) {
    ADD_FAILURE() << permission << ": no source needs it; take it out of tests/include_test/rules.h";
  }
}

TEST(IncludeTest, TheArrowsHaveNoCircle) {
  // Takes away folders that include no folder left; a circle is what cannot be taken away.
  std::vector<Arrow> left = kArrows;
  for (bool moved = true; moved;) {
    const auto is_left = [&](std::string_view name) {
      return std::any_of(left.begin(), left.end(), [&](const Arrow& other) { return other.folder == name; });
    };
    std::vector<Arrow> next;
    for (const Arrow& arrow : left) {
      if (std::any_of(arrow.may_include.begin(), arrow.may_include.end(), is_left)) next.push_back(arrow);
    }
    moved = next.size() < left.size();
    left = std::move(next);
  }
  for (const Arrow& arrow : left) ADD_FAILURE() << arrow.folder << " lies on a circle";
}

TEST(IncludeTest, EveryRuleIsAboutAFolderThatMayExist) {
  for (const Arrow& arrow : kArrows) {
    for (const std::string_view target : arrow.may_include) {
      EXPECT_TRUE(target == "proto/oodml/v1" || (rule_of(target) != nullptr && rule_of(target)->folder == target))
          << arrow.folder << " may include " << target << ", which has no line of its own";
    }
  }
}

// The check itself must be able to fail.
TEST(IncludeTest, ReportsWhatBreaksTheRules) {
  const auto problems = [](const char* path, const char* source) { return broken_rules(path, source).size(); };
  EXPECT_EQ(
      problems("core/job/lease.h", "#include \"core/base/ids.h\"\n#include \"core/job/x.h\"\n#include <vector>\n"), 0u);
  EXPECT_EQ(problems("core/base/ids.h", "#include \"core/job/lease.h\"\n"), 1u);
  EXPECT_EQ(problems("core/base/ids.h", "  #  include <torch/types.h>\n"), 1u);
  EXPECT_EQ(problems("core/base/ids.h", "// #include <torch/types.h>\n"), 0u);
  EXPECT_EQ(problems("core/metrics/recall.cpp", "#include <torch/types.h>\n#include <faiss/IndexFlat.h>\n"), 1u);
  EXPECT_EQ(problems("core/metrics/faiss_search.cpp", "#include <faiss/IndexFlat.h>\n"), 0u);
  EXPECT_EQ(problems("core/sweep/expand.cpp", "#include <yaml-cpp/yaml.h>\n"), 1u);
  EXPECT_EQ(problems("core/sweep/yaml_reader.cpp", "#include <yaml-cpp/parser.h>\n"), 0u);
  EXPECT_EQ(problems("coordinator/scheduling/queue.cpp", "#include <sqlite3.h>\n"), 1u);
  EXPECT_EQ(problems("coordinator/rpc/server.cpp", "#include \"coordinator/store/writer.h\"\n"), 1u);
  EXPECT_EQ(problems("coordinator/cli/commands/show.cpp", "#include \"coordinator/service/sweeps.h\"\n"), 1u);
  EXPECT_EQ(problems("coordinator/cli/commands/show.cpp", "#include \"coordinator/cli/client.h\"\n"), 0u);
  EXPECT_EQ(problems("worker/lease_loop.cpp", "#include <grpcpp/grpcpp.h>\n"), 1u);
  EXPECT_EQ(problems("worker/grpc_coordinator_client.cpp",
                     "#include <grpcpp/grpcpp.h>\n#include \"oodml/v1/workers.pb.h\"\n"),
            0u);
  EXPECT_EQ(problems("worker/lease_loop.cpp", "#include \"core/train/trainer.h\"\n"), 1u);
  EXPECT_EQ(problems("core/sweep/expand.cpp", "#include \"oodml/v1/sweeps.pb.h\"\n"), 2u);
  EXPECT_EQ(problems("core/new_folder/x.h", ""), 1u);
}

TEST(IncludeTest, APermissionIsUsedByASourceOfItsFolderAlone) {
  UnusedPermissions unused;
  const auto is_unused = [&](const char* permission) { return unused.left().contains(permission); };
  unused.strike_those_of("worker/x.cpp", "#include <sqlite3.h>\n#include \"core/job/lease.h\"\n");
  EXPECT_TRUE(is_unused("core/job may include core/base"));
  EXPECT_TRUE(is_unused("SQLite in coordinator/store/"));
  EXPECT_FALSE(is_unused("worker may include core/job"));
  unused.strike_those_of("coordinator/store/sqlite.h", "#include <sqlite3.h>\n");
  EXPECT_FALSE(is_unused("SQLite in coordinator/store/"));
}

}  // namespace
}  // namespace oodml::include_test
