#include "coordinator/artifacts/content_check.h"

#include <fstream>

#include "coordinator/artifacts/content_home.h"
#include "core/base/atomic_file.h"
#include "tests/coordinator/artifacts/files_fixture.h"

namespace oodml::coordinator::testing {
namespace {

namespace fs = std::filesystem;
using artifacts::check_contents;
using artifacts::put_back_contents;
using job::FileKind;

class ContentCheckTest : public FilesTest {
 protected:
  void SetUp() override {
    submit({.name = "study"});
    connect("a");
    const job::Lease lease = acquire("a").lease;
    ASSERT_TRUE(put(lease, "network").ok());
    ASSERT_TRUE(put(lease, "log").ok());
    ASSERT_TRUE(publish(lease, {file("best/network.safetensors", "network", FileKind::kBest, 1),
                                file("log.txt", "log", FileKind::kLog)})
                    .ok());
    ASSERT_TRUE(put(lease, "of nobody").ok());
  }
  fs::path root() const { return database.string() + ".artifacts"; }
  static fs::path home(const fs::path& root, const std::string& bytes) {
    return artifacts::content_home(root, sha256_hex(bytes));
  }
  static void damage(const fs::path& file, const std::string& bytes) { std::ofstream(file) << bytes; }
  artifacts::ContentsFound found(bool reads) {
    const auto result = check_contents(database, root(), reads);
    EXPECT_TRUE(result) << result.error().text();
    return result.value_or(artifacts::ContentsFound{});
  }
};

TEST_F(ContentCheckTest, WhatIsThereIsCountedWhileACoordinatorWorks) {
  const artifacts::ContentsFound all = found(true);
  EXPECT_EQ(all.named, 2);
  EXPECT_EQ(all.named_bytes, 10);
  EXPECT_EQ(all.broken, 0);
  EXPECT_EQ(all.unnamed, 1);
  EXPECT_EQ(all.unnamed_bytes, 9);
  EXPECT_TRUE(all.problems.empty());
  EXPECT_EQ(check_contents(database, folder / "nowhere", false).error().code(), StatusCode::kNotFound);
}

TEST_F(ContentCheckTest, WhatIsMissingOrDamagedIsNamedWithItsTrial) {
  fs::remove(home(root(), "log"));
  damage(home(root(), "network"), "netw");
  const artifacts::ContentsFound all = found(false);
  EXPECT_EQ(all.broken, 2);
  ASSERT_EQ(all.problems.size(), 2u);
  std::vector<std::string> ends;
  for (const std::string& problem : all.problems) ends.push_back(problem.substr(problem.find(" of trial")));
  std::ranges::sort(ends);
  EXPECT_EQ(ends, (std::vector<std::string>{" of trial 1, attempt 1, best/network.safetensors: has 4 bytes, not 7",
                                            " of trial 1, attempt 1, log.txt: is not there"}));
}

TEST_F(ContentCheckTest, OtherBytesOfTheSameSizeAreFoundByReadingThem) {
  damage(home(root(), "log"), "lag");
  EXPECT_EQ(found(false).broken, 0);
  EXPECT_EQ(found(true).broken, 1);
}

TEST_F(ContentCheckTest, ContentsAreListedOnce) {
  const auto list = artifacts::content_list(database);
  ASSERT_TRUE(list) << list.error().text();
  std::vector<std::string> lines = {sha256_hex("network") + " 7\n", sha256_hex("log") + " 3\n"};
  std::ranges::sort(lines);
  EXPECT_EQ(*list, lines[0] + lines[1]);
}

TEST_F(ContentCheckTest, WhatIsLackingIsPutBackWholeOrNotAtAll) {
  const fs::path other = folder / "other";
  const auto first = put_back_contents(database, root(), other);
  ASSERT_TRUE(first) << first.error().text();
  EXPECT_EQ(first->put, 2);
  EXPECT_EQ(first->put_bytes, 10);
  EXPECT_EQ(read_file(home(other, "network"), 100).value_or(""), "network");
  EXPECT_FALSE(fs::exists(home(other, "of nobody")));

  fs::remove(home(other, "log"));
  fs::remove(home(other, "network"));
  fs::remove(home(root(), "network"));  // a link may lead to the same file
  damage(home(root(), "network"), "nitwork");
  const auto second = put_back_contents(database, root(), other);
  ASSERT_TRUE(second) << second.error().text();
  EXPECT_EQ(second->put, 1);
  EXPECT_EQ(second->lacking_count, 1);
  EXPECT_FALSE(fs::exists(home(other, "network"))) << "its bytes are others";
  EXPECT_EQ(put_back_contents(database, root(), other)->there, 1);
}

}  // namespace
}  // namespace oodml::coordinator::testing
