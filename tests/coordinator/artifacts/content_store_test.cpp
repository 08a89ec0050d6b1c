#include "coordinator/artifacts/content_store.h"

#include <gtest/gtest.h>
#include <sys/stat.h>

#include <fstream>
#include <iterator>

#include "core/base/sha256.h"
#include "tests/support/fake_clock.h"
#include "tests/support/process.h"
#include "tests/support/temporary_folder.h"

namespace oodml::coordinator::artifacts {
namespace {

using namespace std::chrono_literals;

ContentName name_of(const std::string& bytes) {
  return {.sha256 = sha256_hex(bytes), .bytes = static_cast<std::int64_t>(bytes.size())};
}

Result<std::set<std::string>> nothing_is_named(const std::vector<std::string>&) { return std::set<std::string>{}; }

class ContentStoreTest : public ::testing::Test {
 protected:
  ContentStoreTest() { open({.room = {.reserve_mib = 0}}); }

  void open(const ContentLimits& limits) {
    store.reset();
    auto opened = ContentStore::open(root, limits, clock);
    ASSERT_TRUE(opened) << opened.error().text();
    store = *std::move(opened);
  }
  void restart() { open({.room = {.reserve_mib = 0}}); }

  std::filesystem::path home(const ContentName& name) {
    return root / "content" / name.sha256.substr(0, 2) / name.sha256;
  }
  std::filesystem::path partial(const ContentName& name) {
    return root / "partial" / (name.sha256 + "-" + std::to_string(name.bytes));
  }
  /// "4 of it" or "whole", or what was refused.
  static std::string said(const Result<ContentPresence>& presence) {
    if (!presence) return std::string(to_text(presence.error().code())) + ": " + presence.error().message();
    return presence->whole ? "whole" : std::to_string(presence->present) + " of it";
  }
  std::string read_all(const ContentName& name) {
    std::string bytes;
    for (;;) {
      const auto chunk = store->read(name.sha256, std::ssize(bytes));
      if (!chunk) return chunk.error().text();
      EXPECT_EQ(chunk->bytes, name.bytes);
      if (chunk->data.empty()) return bytes;
      bytes += chunk->data;
    }
  }

  oodml::testing::TemporaryFolder folder;
  std::filesystem::path root = folder / "artifacts";
  oodml::testing::FakeClock clock;
  std::unique_ptr<ContentStore> store;
};

TEST_F(ContentStoreTest, AContentThatCameInPiecesIsWholeAndNobodyElses) {
  const std::string bytes = "weights of a network";
  const ContentName name = name_of(bytes);
  EXPECT_EQ(said(store->offer(name)), "0 of it");
  EXPECT_EQ(said(store->put(name, 0, bytes.substr(0, 7))), "7 of it");
  EXPECT_FALSE(std::filesystem::exists(home(name))) << "nothing has its name before it is whole";
  EXPECT_EQ(said(store->put(name, 7, bytes.substr(7))), "whole");
  EXPECT_EQ(said(store->put(name, 7, bytes.substr(7))), "whole") << "a reply that was lost";
  EXPECT_EQ(said(store->offer(name)), "whole");
  EXPECT_EQ(read_all(name), bytes);
  struct stat info{};
  for (const auto& path : {root, root / "content", home(name).parent_path(), home(name)}) {
    ASSERT_EQ(::stat(path.c_str(), &info), 0) << path;
    EXPECT_EQ(info.st_mode & 077, 0u) << path;
  }
  EXPECT_TRUE(std::filesystem::is_empty(root / "partial"));
}

TEST_F(ContentStoreTest, AnEmptyContentIsWholeAsItIsOffered) {
  EXPECT_EQ(said(store->offer(name_of(""))), "whole");
  EXPECT_EQ(read_all(name_of("")), "");
}

TEST_F(ContentStoreTest, ALargeContentIsReadInChunks) {
  const std::string bytes((5 << 20) / 2, 'w');
  const ContentName name = name_of(bytes);
  for (std::size_t at = 0; at < bytes.size(); at += 1 << 20) {
    ASSERT_TRUE(store->put(name, static_cast<std::int64_t>(at), bytes.substr(at, 1 << 20)));
  }
  EXPECT_EQ(store->read(name.sha256, 0)->data.size(), std::size_t{1} << 20);
  EXPECT_EQ(read_all(name), bytes);
}

TEST_F(ContentStoreTest, AnUploadGoesOnAfterARestartAndAChunkFromElsewhereSaysWhere) {
  const std::string bytes = "0123456789";
  const ContentName name = name_of(bytes);
  ASSERT_EQ(said(store->put(name, 0, "01234")), "5 of it");
  EXPECT_EQ(said(store->put(name, 2, "23456")), "5 of it") << "not the next byte: nothing is written";
  EXPECT_EQ(said(store->put(name, 8, "89")), "5 of it");
  restart();
  EXPECT_EQ(said(store->offer(name)), "5 of it");
  EXPECT_EQ(said(store->put(name, 5, "56789")), "whole");
  EXPECT_EQ(read_all(name), bytes);
}

TEST_F(ContentStoreTest, TwoThatSendTheSameAtOnceHelpEachOther) {
  const ContentName name = name_of("0123456789");
  EXPECT_EQ(said(store->offer(name)), "0 of it");
  EXPECT_EQ(said(store->put(name, 0, "0123")), "4 of it");
  EXPECT_EQ(said(store->put(name, 0, "012")), "4 of it") << "the other's";
  EXPECT_EQ(said(store->put(name, 4, "456789")), "whole");
  EXPECT_EQ(said(store->put(name, 3, "3456")), "whole");
}

TEST_F(ContentStoreTest, BytesOfAnotherContentAreRefusedAndGone) {
  const ContentName name = name_of("0123456789");
  ASSERT_EQ(said(store->put(name, 0, "01234")), "5 of it");
  EXPECT_EQ(said(store->put(name, 5, "5678x")), "invalid_argument: the 10 bytes that came have the SHA-256 " +
                                                    sha256_hex("012345678x") + ", not " + name.sha256 +
                                                    "; they were thrown away");
  EXPECT_FALSE(std::filesystem::exists(home(name)));
  EXPECT_EQ(said(store->offer(name)), "0 of it");
  EXPECT_EQ(said(store->put(name, 0, "01234567890")),
            "invalid_argument: a chunk of 11 bytes at 0 goes beyond the content's 10");
  EXPECT_EQ(said(store->put(name, 0, "0123456789")), "whole");
}

TEST_F(ContentStoreTest, WhatAPowerCutDamagedIsAskedForAgain) {
  const ContentName name = name_of("0123456789");
  ASSERT_EQ(said(store->put(name, 0, "01234")), "5 of it");
  store.reset();
  testing::write_text(partial(name), std::string(5, '\0'));
  restart();
  EXPECT_EQ(said(store->offer(name)), "5 of it");
  EXPECT_EQ(said(store->put(name, 5, "56789")), "0 of it") << "from the beginning";
  EXPECT_EQ(said(store->put(name, 0, "0123456789")), "whole");
}

TEST_F(ContentStoreTest, AWrongLengthIsInNobodysWay) {
  const ContentName name = name_of("0123456789");
  ContentName wrong = name;
  wrong.bytes = 20;
  EXPECT_EQ(said(store->put(wrong, 0, "0123456789")), "10 of it");
  EXPECT_EQ(said(store->put(name, 0, "0123456789")), "whole");
  EXPECT_EQ(said(store->offer(wrong)), "invalid_argument: content " + name.sha256 + " has 10 bytes, not 20");
}

TEST_F(ContentStoreTest, TheQuotaCountsWhatIsThereAndWhatIsComing) {
  ASSERT_EQ(said(store->put(name_of("0123456789"), 0, "0123456789")), "whole");
  open({.room = {.quota_bytes = 25, .reserve_mib = 0, .largest_bytes = 12}});
  EXPECT_EQ(said(store->offer(name_of("abcdefghijkl"))), "0 of it");
  EXPECT_EQ(said(store->offer(name_of("four"))),
            "resource_exhausted: a content of 4 bytes; --artifact-quota-gib, 25 bytes, leaves 3");
  EXPECT_EQ(said(store->offer(name_of("0123456789"))), "whole") << "what is there needs no room";
  EXPECT_EQ(said(store->offer(name_of("0123456789abc"))),
            "resource_exhausted: a content of 13 bytes; at most --artifact-largest-gib, 12, are taken");
}

TEST_F(ContentStoreTest, TheReserveOfTheDiskStaysFree) {
  open({.room = {.reserve_mib = std::int64_t{1} << 40}});
  const std::string refused = said(store->offer(name_of("x")));
  EXPECT_TRUE(refused.starts_with("resource_exhausted: only ")) << refused;
  EXPECT_NE(refused.find("--artifact-reserve-mib"), refused.npos) << refused;
}

TEST_F(ContentStoreTest, WhatNothingNamesGoesAfterItsGraceAndWhatIsOfferedStays) {
  const ContentName named = name_of("named"), offered = name_of("offered"), unnamed = name_of("unnamed");
  for (const auto& [name, bytes] : {std::pair{named, "named"}, {offered, "offered"}, {unnamed, "unnamed"}}) {
    ASSERT_EQ(said(store->put(name, 0, bytes)), "whole");
  }
  const auto named_only = [&](const std::vector<std::string>& contents) -> Result<std::set<std::string>> {
    std::set<std::string> found;
    for (const std::string& one : contents) {
      if (one == named.sha256) found.insert(one);
    }
    return found;
  };
  EXPECT_EQ(store->collect(named_only)->contents, 0);
  clock.advance(5h);
  EXPECT_EQ(said(store->offer(offered)), "whole");
  clock.advance(2h);
  const auto collected = store->collect(named_only);
  ASSERT_TRUE(collected) << collected.error().text();
  EXPECT_EQ(collected->contents, 1);
  EXPECT_EQ(collected->bytes, 7);
  EXPECT_EQ(read_all(named), "named");
  EXPECT_EQ(read_all(offered), "offered");
  EXPECT_EQ(said(store->offer(unnamed)), "0 of it");
}

TEST_F(ContentStoreTest, AfterARestartTheGraceBeginsAgain) {
  const ContentName name = name_of("unnamed");
  ASSERT_EQ(said(store->put(name, 0, "unnamed")), "whole");
  restart();
  clock.advance(24h);
  EXPECT_EQ(store->collect(nothing_is_named)->contents, 0) << "seen without a name for the first time";
  clock.advance(6h);
  EXPECT_EQ(store->collect(nothing_is_named)->contents, 1);
}

TEST_F(ContentStoreTest, UploadsOfWhichNothingComesExpireWithTheirRoom) {
  open({.room = {.quota_bytes = 12, .reserve_mib = 0}});
  const ContentName name = name_of("0123456789"), other = name_of("abcdefghij");
  ASSERT_EQ(said(store->put(name, 0, "01234")), "5 of it");
  clock.advance(23h);
  EXPECT_EQ(store->collect(nothing_is_named)->uploads, 0);
  EXPECT_EQ(said(store->put(name, 5, "5")), "6 of it");
  clock.advance(23h);
  EXPECT_EQ(store->collect(nothing_is_named)->uploads, 0) << "something came since";
  clock.advance(1h);
  EXPECT_EQ(store->collect(nothing_is_named)->uploads, 1);
  EXPECT_FALSE(std::filesystem::exists(partial(name)));
  EXPECT_EQ(said(store->offer(other)), "0 of it") << "there is room again";
}

TEST_F(ContentStoreTest, ALinkInASharedFolderLeadsNowhere) {
  const ContentName name = name_of("secret");
  testing::write_text(folder / "secret", "secret");
  std::filesystem::create_directories(home(name).parent_path());
  std::filesystem::create_symlink(folder / "secret", home(name));
  EXPECT_FALSE(store->read(name.sha256, 0));
  EXPECT_FALSE(store->offer(name));
}

}  // namespace
}  // namespace oodml::coordinator::artifacts
