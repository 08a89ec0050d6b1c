#include "core/base/sha256.h"

#include <gtest/gtest.h>

#include "core/base/atomic_file.h"
#include "tests/support/temporary_folder.h"

namespace oodml {
namespace {

TEST(Sha256Test, AgreesWithThePublishedVectors) {  // FIPS 180-2, appendix B
  EXPECT_EQ(sha256_hex(""), "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
  EXPECT_EQ(sha256_hex("abc"), "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
  EXPECT_EQ(sha256_hex("abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq"),
            "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1");
  EXPECT_EQ(sha256_hex(std::string(1'000'000, 'a')),
            "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0");
}

TEST(Sha256Test, AFileGivesTheSameAsItsBytes) {
  const testing::TemporaryFolder folder;
  const std::filesystem::path path = folder / "file";
  const std::string bytes(300'000, 'x');
  ASSERT_TRUE(write_file_atomically(path, bytes).ok());
  EXPECT_EQ(*sha256_hex_of_file(path), sha256_hex(bytes));
  std::filesystem::remove(path);
  EXPECT_EQ(sha256_hex_of_file(path).error().code(), StatusCode::kNotFound);
}

}  // namespace
}  // namespace oodml
