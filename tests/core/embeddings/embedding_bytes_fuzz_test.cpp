// Damaged files of embeddings: refused with their name, or whole; nothing claims more bytes than are there.
#include <gtest/gtest.h>

#include "core/base/zip.h"
#include "core/embeddings/csv.h"
#include "core/embeddings/npy.h"
#include "tests/core/embeddings/file_bytes.h"
#include "tests/support/mutator.h"
#include "tests/support/zip_archive.h"

namespace oodml::embeddings {
namespace {

using testing::bytes_of;
using testing::npy;
using testing::npy_dictionary;

const std::vector<std::string> kNpyWords = {"'descr': ", "'shape': ", "'fortran_order': ", "True", "(", ")",
                                            ",", "{", "}", "'<U4096'", "'|S1'", "'<f8'", "'>f4'", "'|b1'",
                                            "\x93NUMPY", "\n", "'"};

std::vector<std::string> npy_files() {
  const std::vector<float> floats = {1, 2, 3, 4, 5, 6};
  return {npy(npy_dictionary("<f4", "(2, 3)"), bytes_of(floats)),
          npy(npy_dictionary("<f4", "(3, 2)", true), bytes_of(floats), 2),
          npy(npy_dictionary("<i8", "(3,)"), bytes_of(std::vector<std::int64_t>{7, 5, 7})),
          npy(npy_dictionary("<U3", "(2,)"), bytes_of(std::vector<std::uint32_t>{'a', 0xe9, 0x1f600, 'b', 0, 0}), 3),
          npy(npy_dictionary("|S3", "(2,)"), "dogcat")};
}

/// Every byte is read, so that a sanitizer sees a view that leaves the file.
void expect_whole(const StoredArray& array, std::size_t file_bytes) {
  if (const auto* texts = std::get_if<std::vector<std::string>>(&array)) {
    ASSERT_LE(texts->size(), file_bytes);
    return;
  }
  const StoredNumbers& numbers = std::get<StoredNumbers>(array);
  ASSERT_EQ(byte_count(numbers.shape, numbers.type.size), std::string(numbers.bytes).size());
}

TEST(NpyFuzzTest, DamagedArraysAreRefusedOrWhole) {
  const testing::Corpus corpus = {npy_files(), kNpyWords};
  testing::fuzz(corpus, [&](const std::string& bytes, std::uint64_t number) {
    const auto array = parse_npy(bytes, "bad.npy");
    if (array) return expect_whole(*array, bytes.size());
    ASSERT_GE(number, corpus.seeds.size()) << array.error().message();
    ASSERT_TRUE(array.error().message().starts_with("bad.npy: ")) << array.error().message();
  }, 10'000);
}

TEST(ZipFuzzTest, DamagedArchivesAreRefusedOrTheirMembersRead) {
  const auto files = npy_files();
  const testing::Corpus corpus = {
      {testing::zip({{"embeddings.npy", files[0]}, {"labels.npy", files[2]}}, true),
       testing::zip({{"embeddings.npy", files[1]}, {"labels.npy", files[3]}}, false),
       testing::zip({{"zeros", std::string(100'000, '\0')}}, true), testing::zip({}, false)},
      {"PK\1\2", "PK\3\4", "PK\5\6", "PK\6\6", "embeddings.npy", "\x08", std::string(4, '\0')}};
  testing::fuzz(corpus, [&](const std::string& bytes, std::uint64_t number) {
    const auto archive = ZipArchive::open(bytes, "bad.npz");
    if (!archive) {
      ASSERT_GE(number, corpus.seeds.size()) << archive.error().message();
      ASSERT_TRUE(archive.error().message().starts_with("bad.npz")) << archive.error().message();
      return;
    }
    for (const auto& [name, member] : archive->members()) {
      const auto content = archive->read(name);
      if (!content) continue;
      ASSERT_EQ(content->size(), member.bytes);
      ASSERT_LE(content->size(), 2000 * bytes.size()) << "deflate packs a thousandfold at most";
      if (const auto array = parse_npy(*content, name)) expect_whole(*array, content->size());
    }
  }, 10'000);
}

TEST(CsvFuzzTest, DamagedTablesAreRefusedOrWhole) {
  const testing::Corpus corpus = {
      {"1,2,cat\n3,-4.5e0,dog\n", "x\ty\tlabel\n1\t2\tcat\r\n3\t-4.5\tdog\r\n", "1 2  7\n3  -4 5",
       "\xef\xbb\xbf" "+1;2;\"a;b\"\n\n3;4;c\n"},
      {",", ";", "\t", " ", "\"", "\n", "\r\n", "\n\n", "e400", "e-400", "nan", "inf", "\xff", "label"}};
  testing::fuzz(corpus, [&](const std::string& text, std::uint64_t number) {
    for (const bool with_labels : {true, false}) {
      const auto table = parse_csv(text, "bad.csv", with_labels);
      if (!table) {
        ASSERT_TRUE(number >= corpus.seeds.size() || !with_labels) << table.error().message();
        ASSERT_TRUE(table.error().message().starts_with("bad.csv:")) << table.error().message();
        continue;
      }
      ASSERT_GT(table->columns, 0);
      const auto columns = static_cast<std::size_t>(table->columns);
      ASSERT_EQ(table->values.size() % columns, 0u);
      ASSERT_EQ(table->labels.size(), with_labels ? table->values.size() / columns : 0u);
    }
    const auto labels = parse_label_lines(text, "bad.csv");
    ASSERT_TRUE(labels ? !labels->empty() : labels.error().message().starts_with("bad.csv:"));
  }, 10'000);
}

}  // namespace
}  // namespace oodml::embeddings
