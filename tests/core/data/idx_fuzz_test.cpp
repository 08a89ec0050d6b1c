#include <gtest/gtest.h>

#include "core/data/idx_file.h"
#include "tests/core/data/idx_bytes.h"
#include "tests/support/deflated.h"
#include "tests/support/mutator.h"
#include "tests/support/temporary_folder.h"

namespace oodml::data {
namespace {

using namespace std::string_literals;

TEST(IdxFuzzTest, DamagedIdxFilesAreRefusedOrWhole) {
  const testing::TemporaryFolder folder;
  const testing::Corpus corpus{
      .seeds = {idx_bytes({3, 2, 2}, "abcdefghijkl"), testing::gzipped(idx_bytes({3, 2, 2}, "abcdefghijkl"))},
      .words = {"\x00\x00\x08\x03"s, "\xFF\xFF\xFF\xFF", "\x1F\x8B", "\x00"s}};
  testing::fuzz(corpus, [&](const std::string& bytes, std::uint64_t number) {
    folder.write("images", bytes);
    const Result<IdxFile> file = read_idx_file(folder.path() / "images", 3);
    if (!file) {
      ASSERT_GE(number, corpus.seeds.size()) << file.error().message();
      ASSERT_NE(file.error().message().find("images"), std::string::npos);
      return;
    }
    ASSERT_EQ(file->shape.size(), 3U);
    ASSERT_EQ(file->values.size(), static_cast<std::size_t>(file->shape[0] * file->shape[1] * file->shape[2]));
  });
}

}  // namespace
}  // namespace oodml::data
