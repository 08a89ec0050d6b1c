// Damaged files of embeddings: refused with their name, or whole; nothing claims more bytes than are there.
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>

#include "core/base/utf8.h"
#include "core/base/zip.h"
#include "core/embedding_files/csv.h"
#include "core/embedding_files/label_lines.h"
#include "core/embedding_files/npy.h"
#include "tests/core/embedding_files/file_bytes.h"
#include "tests/support/mutator.h"
#include "tests/support/zip_archive.h"

namespace oodml::embedding_files {
namespace {

using testing::bytes_of;
using testing::Corpus;
using testing::fuzz;
using testing::npy;
using testing::npy_dictionary;
using testing::zip;

const std::vector<std::string> kNpyWords = {"'descr': ", "'shape': ", "'fortran_order': ",
                                            "True",      "(",         ")",
                                            ",",         "{",         "}",
                                            "'<U4096'",  "'|S1'",     "'<f8'",
                                            "'>f4'",     "'|b1'",     "'|O'",
                                            "'>U2'",     "10L",       "u'",
                                            "\x93NUMPY", "\n",        "'"};

std::vector<std::string> npy_files() {
  const std::vector<float> floats = {1, 2, 3, 4, 5, 6};
  return {npy(npy_dictionary("<f4", "(2, 3)"), bytes_of(floats)),
          npy(npy_dictionary("<f4", "(3, 2)", true), bytes_of(floats), 2),
          npy(npy_dictionary("<i8", "(3,)"), bytes_of(std::vector<std::int64_t>{7, 5, 7})),
          npy(npy_dictionary("<U3", "(2,)"), bytes_of(std::vector<std::uint32_t>{'a', 0xe9, 0x1f600, 'b', 0, 0}), 3),
          npy(npy_dictionary("|S3", "(2,)"), "dogcat"),
          npy(npy_dictionary(">f4", "(2L, 3L)"), bytes_of(floats)),
          npy(npy_dictionary(">U1", "(2, 1)"), std::string("\0\0\0a\0\0\0b", 8))};
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
  const Corpus corpus = {npy_files(), kNpyWords};
  fuzz(
      corpus,
      [&](const std::string& bytes, std::uint64_t number) {
        const auto array = parse_npy(bytes, "bad.npy");
        if (array) return expect_whole(*array, bytes.size());
        ASSERT_GE(number, corpus.seeds.size()) << array.error().message();
        ASSERT_TRUE(array.error().message().starts_with("bad.npy: ")) << array.error().message();
      },
      10'000);
}

TEST(ZipFuzzTest, DamagedArchivesAreRefusedOrTheirMembersRead) {
  const auto files = npy_files();
  const Corpus corpus = {{zip({{"embeddings.npy", files[0]}, {"labels.npy", files[2]}}, true),
                          zip({{"embeddings.npy", files[1]}, {"labels.npy", files[3]}}, false),
                          zip({{"zeros", std::string(100'000, '\0')}}, true), zip({}, false)},
                         {"PK\1\2", "PK\3\4", "PK\5\6", "PK\6\6", "embeddings.npy", "\x08", std::string(4, '\0')}};
  fuzz(
      corpus,
      [&](const std::string& bytes, std::uint64_t number) {
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
      },
      10'000);
}

const std::vector<std::string> kTableWords = {
    ",",    ";",     "\t",    " ",   "|",  "\"",  "\"\"", "\n",         "\r\n",        "\r",
    "\n\n", "e400",  "e-400", "nan", "NA", "inf", "\xff", "label",      "class",       "index",
    "#",    "# a,b", "sep=;", "0,5", "-0", "id",  "1.0",  "Unnamed: 0", "\xef\xbb\xbf"};

std::vector<Choices> choices() {
  return {{},
          {.heading = true},
          {.heading = false},
          {.label_column = "label"},
          {.label_column = "1", .skip_columns = {"2"}},
          {.skip_columns = {"none"}}};
}

/// As many of everything, all of it finite.
void expect_whole(const CsvRows& table, bool has_labels) {
  ASSERT_FALSE(table.dimensions.empty());
  const std::size_t columns = table.dimensions.size();
  ASSERT_GT(table.values.size(), 0u);
  ASSERT_EQ(table.values.size() % columns, 0u);
  ASSERT_EQ(table.labels.size(), has_labels ? table.values.size() / columns : 0u);
  for (const double value : table.values) ASSERT_TRUE(std::isfinite(value));
  for (const std::string& label : table.labels) ASSERT_FALSE(first_invalid_utf8(label));
}

TEST(CsvFuzzTest, DamagedTablesAreRefusedOrWhole) {
  const Corpus corpus = {{"1,2,cat\n3,-4.5e0,dog\n", "x\ty\tlabel\n1\t2\tcat\r\n3\t-4.5\tdog\r\n", "1 2  7\n3  -4 5",
                          "\xef\xbb\xbf"
                          "+1;2;\"a;b\"\n\n3;4;c\n",
                          ",e0,e1,label\n0,0.5,1,a\n1,0.25,2,b\n", "# label e0 e1 e2\n1 0.5 2 3\n2 0.5 2 4\n# end\n",
                          "sep=;\n0,5;1;a;\n0,25;2;b;\n"},
                         kTableWords};
  fuzz(
      corpus,
      [&](const std::string& text, std::uint64_t number) {
        for (const Choices& choice : choices()) {
          for (const bool has_labels : {true, false}) {
            const auto table = parse_csv(text, "bad.csv", choice, has_labels);
            if (table) {
              expect_whole(*table, has_labels);
              continue;
            }
            const bool is_plain =
                has_labels && choice.label_column.empty() && choice.skip_columns.empty() && !choice.heading;
            ASSERT_TRUE(number >= corpus.seeds.size() || !is_plain) << table.error().message();
            ASSERT_TRUE(table.error().message().starts_with("bad.csv:")) << table.error().message();
          }
        }
      },
      5'000);
}

TEST(LabelLinesFuzzTest, DamagedLabelsAreRefusedOrOneALine) {
  const Corpus corpus = {
      {"label\n3\n4\n", "1 0\n2 0\n", "# labels\n0.0\n1.0\n", "file,label\na.jpg,cat\n", "golden retriever\npug\n"},
      kTableWords};
  fuzz(
      corpus,
      [&](const std::string& text, std::uint64_t) {
        const auto lines =
            static_cast<std::size_t>(1 + std::ranges::count_if(text, [](char c) { return c == '\n' || c == '\r'; }));
        for (const Choices& choice : choices()) {
          const auto labels = parse_labels(text, "bad.txt", choice);
          if (!labels) {
            ASSERT_TRUE(labels.error().message().starts_with("bad.txt:")) << labels.error().message();
            continue;
          }
          ASSERT_TRUE(!labels->labels.empty() && labels->labels.size() <= lines);
        }
        const auto names = parse_names(text, "bad.txt");
        ASSERT_TRUE(names ? !names->empty() : names.error().message().starts_with("bad.txt:"));
      },
      5'000);
}

}  // namespace
}  // namespace oodml::embedding_files
