#include "coordinator/cli/files/content_copy.h"

#include "core/base/sha256.h"
#include "tests/coordinator/cli/cli_fixture.h"

namespace oodml::cli {
namespace {

namespace fs = std::filesystem;

class ContentCopyTest : public CliTest {
 protected:
  ContentCopyTest() {
    client_ = std::move(*Client::open({.address = service_.address(), .given = true}));
    for (const std::string bytes : {"a whole network", "log", ""}) {
      artifacts().contents[sha256_hex(bytes)] = bytes;
      contents_.push_back({.sha256 = sha256_hex(bytes), .bytes = std::ssize(bytes)});
    }
  }
  FakeArtifactService& artifacts() { return service_.artifacts; }
  Result<ContentCopy> copy() {
    ArtifactClient client(*client_);
    return copy_contents(client, contents_, folder_ / "backup", [](std::int64_t) { return Status(); });
  }
  fs::path home(const std::string& bytes) const {
    const std::string sha256 = sha256_hex(bytes);
    return folder_ / "backup" / "content" / sha256.substr(0, 2) / sha256;
  }

  std::unique_ptr<Client> client_;
  std::vector<Content> contents_;
};

TEST_F(ContentCopyTest, ASecondCopyTakesWhatIsNewAlone) {
  const auto first = copy();
  ASSERT_TRUE(first) << first.error().text();
  EXPECT_EQ(first->copied, 3);
  EXPECT_EQ(first->copied_bytes, 18);
  EXPECT_EQ(oodml::testing::read_text(home("a whole network")), "a whole network");
  EXPECT_EQ(fs::status(folder_ / "backup").permissions(), fs::perms::owner_all);
  artifacts().contents[sha256_hex("new")] = "new";
  contents_.push_back({.sha256 = sha256_hex("new"), .bytes = 3});
  artifacts().content_reads.clear();
  const auto second = copy();
  ASSERT_TRUE(second) << second.error().text();
  EXPECT_EQ(second->there, 3);
  EXPECT_EQ(second->copied, 1);
  ASSERT_EQ(artifacts().content_reads.size(), 1u);
  EXPECT_EQ(artifacts().content_reads[0].sha256(), sha256_hex("new"));
}

TEST_F(ContentCopyTest, OneThatBreaksGoesOnWhereItWas) {
  artifacts().broken_after = 2;  // of four bytes each
  EXPECT_FALSE(copy());
  EXPECT_FALSE(fs::exists(home("a whole network")));
  artifacts().broken_after = -1;
  artifacts().content_reads.clear();
  ASSERT_TRUE(copy());
  EXPECT_EQ(artifacts().content_reads[0].offset(), 8);
  EXPECT_EQ(oodml::testing::read_text(home("a whole network")), "a whole network");
}

TEST_F(ContentCopyTest, WhatTheCoordinatorHasNoMoreIsSaidAndTheRestComes) {
  artifacts().contents.erase(sha256_hex("a whole network"));
  const auto copied = copy();
  ASSERT_TRUE(copied) << copied.error().text();
  EXPECT_EQ(copied->copied, 2);
  EXPECT_EQ(copied->lacking, std::vector<std::string>{sha256_hex("a whole network")});
}

TEST_F(ContentCopyTest, AListThatIsNoneIsRefused) {
  const std::string sha256 = sha256_hex("log");
  const auto list = parse_contents(sha256 + " 3\n");
  ASSERT_TRUE(list);
  EXPECT_EQ(list->at(0).bytes, 3);
  EXPECT_TRUE(parse_contents("")->empty());
  for (const std::string& line : {sha256, sha256 + " -3", sha256 + " 3 4", "../" + sha256.substr(3) + " 3"})
    EXPECT_FALSE(parse_contents(line + "\n")) << line;
}

}  // namespace
}  // namespace oodml::cli
