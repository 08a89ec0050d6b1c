#include "core/base/zip.h"

#include <gtest/gtest.h>

#include <cstring>

#include "tests/support/zip_archive.h"

namespace oodml {
namespace {

using testing::zip;

const std::string kZeros(1 << 20, '\0');

/// open and read of every member of an archive; the first error.
Status read_all(const std::string& bytes) {
  const auto archive = ZipArchive::open(bytes, "a.npz");
  if (!archive) return archive.error();
  for (const auto& [name, member] : archive->members()) OODML_RETURN_IF_ERROR(archive->read(name));
  return {};
}

TEST(ZipTest, ReadsStoredAndDeflatedMembers) {
  for (const bool deflated : {false, true}) {
    const std::string bytes = zip({{"a", "hello"}, {"empty", ""}, {"zeros", kZeros}}, deflated);
    const auto archive = ZipArchive::open(bytes, "a.npz");
    ASSERT_TRUE(archive) << archive.error().text();
    EXPECT_EQ(archive->members().size(), 3U);
    EXPECT_EQ(archive->read("a").value(), "hello");
    EXPECT_EQ(archive->read("empty").value(), "");
    EXPECT_EQ(archive->read("zeros").value(), kZeros);
    const auto missing = archive->read("b");
    EXPECT_EQ(missing.error().code(), StatusCode::kNotFound);
    EXPECT_NE(missing.error().message().find("there are a, empty, zeros"), std::string::npos);
  }
  EXPECT_TRUE(read_all(zip({}, false)).ok());
}

/// Writes a number over the directory entry of the only member.
std::string with_directory(std::string bytes, std::size_t field, std::uint32_t value) {
  const auto entry = bytes.rfind("PK\x01\x02");
  std::memcpy(bytes.data() + entry + field, &value, sizeof(value));
  return bytes;
}

TEST(ZipTest, SizesThatCannotBeTrueAreRefused) {
  const std::string packed = zip({{"zeros", kZeros}}, true), stored = zip({{"a", "hello"}}, false);
  for (const std::string& bytes : {packed, stored}) {
    EXPECT_FALSE(read_all(with_directory(bytes, 24, 4000000000U)).ok());  // claims 4 GB
    EXPECT_FALSE(read_all(with_directory(bytes, 24, 0xffffffffU)).ok());
    EXPECT_FALSE(read_all(with_directory(bytes, 24, 3)).ok());
    EXPECT_FALSE(read_all(with_directory(bytes, 20, 0x7fffffffU)).ok());  // packed bytes behind the end
    EXPECT_FALSE(read_all(with_directory(bytes, 20, 1)).ok());
    EXPECT_FALSE(read_all(with_directory(bytes, 42, 0xfffffff0U)).ok());
    EXPECT_FALSE(read_all(with_directory(bytes, 42, 1)).ok());
    EXPECT_FALSE(read_all(with_directory(bytes, 16, 12345)).ok());  // checksum
  }
  const Status bomb = read_all(with_directory(packed, 24, 4000000000U));
  EXPECT_NE(bomb.message().find("cannot hold"), std::string::npos) << bomb.message();
}

TEST(ZipTest, EveryTruncationIsAnErrorAndNoDamageGoesUnseen) {
  const std::string whole = zip({{"a", "hello, hello, hello, hello"}, {"b", std::string(300, 'x')}}, true);
  for (std::size_t length = 0; length < whole.size(); ++length) {
    EXPECT_FALSE(read_all(whole.substr(0, length)).ok()) << length;
  }
  for (std::size_t position = 0; position < whole.size(); ++position) {
    std::string damaged = whole;
    damaged[position] = static_cast<char>(damaged[position] ^ 0x55);
    (void)read_all(damaged);  // an error, or a change in what is not read; never a crash
  }
  EXPECT_FALSE(read_all(zip({{"a", "x"}, {"a", "y"}}, false)).ok());
  EXPECT_FALSE(read_all(with_directory(zip({{"a", "x"}}, false), 8, 1)).ok());  // encrypted
}

}  // namespace
}  // namespace oodml
