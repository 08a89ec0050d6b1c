#include "core/embedding_files/write_npy.h"

#include <gtest/gtest.h>

#include "core/base/atomic_file.h"
#include "core/embedding_files/embedding_file.h"
#include "core/embedding_files/npy.h"
#include "tests/support/process.h"
#include "tests/support/temporary_folder.h"

namespace oodml::embedding_files {
namespace {

using testing::TemporaryFolder;

TEST(WriteNpyTest, TheBytesAreNumpys) {
  const TemporaryFolder folder;
  ASSERT_TRUE(write_npy(folder / "a.npy", torch::tensor({1, 2, 3}, at::kLong)).ok());
  const std::string bytes = *read_file(folder / "a.npy", 1 << 20);
  const std::string dict = "{'descr': '<i8', 'fortran_order': False, 'shape': (3,), }";
  EXPECT_EQ(bytes.size(), 128U + 24U);
  EXPECT_EQ(bytes.substr(0, 10), std::string("\x93NUMPY\x01\0\x76\0", 10));
  EXPECT_EQ(bytes.substr(10, dict.size()), dict);
  EXPECT_EQ(bytes[127], '\n');
  EXPECT_EQ(bytes.substr(128, 9), std::string("\x01\0\0\0\0\0\0\0\x02", 9));
}

TEST(WriteNpyTest, WhatWasWrittenIsRead) {
  const TemporaryFolder folder;
  const auto rows = torch::randn({37, 12}).t();  // not contiguous
  ASSERT_TRUE(write_npy(folder / "rows.npy", rows).ok());
  ASSERT_TRUE(write_npy(folder / "labels.npy", torch::arange(12)).ok());
  EXPECT_TRUE(read_labelled_rows(folder / "rows.npy", folder / "labels.npy", {})->rows.equal(rows));
}

TEST(WriteNpzTest, WhatWasWrittenIsReadAndTheSameBytesEachTime) {
  const TemporaryFolder folder;
  const auto rows = torch::randn({21, 5});
  const auto labels = torch::arange(21) / 3;
  const NamedArrays arrays = {{"embeddings", rows}, {"labels", labels.to(at::kLong)}};
  ASSERT_TRUE(write_npz(folder / "a.npz", arrays).ok());
  ASSERT_TRUE(write_npz(folder / "b.npz", arrays).ok());
  EXPECT_EQ(*read_file(folder / "a.npz", 1 << 20), *read_file(folder / "b.npz", 1 << 20));
  const auto read = read_labelled_rows(folder / "a.npz", "", {});
  ASSERT_TRUE(read) << read.error().message();
  EXPECT_TRUE(read->rows.equal(rows));
  EXPECT_TRUE(read->labels.numbers.equal(labels.to(at::kLong)));
}

TEST(WriteNpyTest, AFolderThatIsNotThereIsNamed) {
  const TemporaryFolder folder;
  const Status status = write_npy(folder / "none" / "a.npy", torch::zeros({1}));
  EXPECT_NE(status.message().find("none/a.npy"), std::string::npos) << status.message();
}

}  // namespace
}  // namespace oodml::embedding_files
