#include "core/embeddings/embedding_file.h"

#include <gtest/gtest.h>

#include "core/base/atomic_file.h"
#include "core/base/safetensors.h"
#include "core/embeddings/class_ids.h"
#include "tests/core/embeddings/file_bytes.h"
#include "tests/support/process.h"
#include "tests/support/zip_archive.h"

namespace oodml::embeddings {
namespace {

using testing::bytes_of;
using testing::npy;
using testing::npy_dictionary;

class EmbeddingFileTest : public ::testing::Test {
 protected:
  std::filesystem::path write(const std::string& name, const std::string& bytes) {
    const auto path = folder_.path() / name;
    EXPECT_TRUE(write_file_atomically(path, bytes).ok());
    return path;
  }

  testing::TempDir folder_;
  const std::string rows_ = npy(npy_dictionary("<f4", "(2, 2)"), bytes_of(std::vector<float>{1, 2, 3, 4}));
  const std::string labels_ = npy(npy_dictionary("<i8", "(2,)"), bytes_of(std::vector<std::int64_t>{7, 5}));
  const torch::Tensor want_ = at::tensor(std::vector<float>{1, 2, 3, 4}).view({2, 2});
};

TEST_F(EmbeddingFileTest, EveryFormatGivesTheSameRowsAndLabels) {
  const std::vector<float> values = {1, 2, 3, 4};
  const std::vector<std::int32_t> labels = {7, 5};
  const std::string value_bytes = bytes_of(values), label_bytes = bytes_of(labels);
  const auto safetensors = folder_.path() / "a.safetensors";
  ASSERT_TRUE(write_safetensors(safetensors, {{"embeddings", {"F32", {2, 2}, value_bytes}},
                                              {"labels", {"I32", {2}, label_bytes}}}).ok());
  for (const auto& path : {write("a.npz", testing::zip({{"embeddings.npy", rows_}, {"labels.npy", labels_}}, true)),
                           write("b.NPZ", testing::zip({{"embeddings.npy", rows_}, {"labels.npy", labels_}}, false)),
                           write("a.csv", "1,2,7\n3,4,5\n"), safetensors}) {
    const auto file = read_embedding_file(path, true);
    ASSERT_TRUE(file) << file.error().text();
    EXPECT_TRUE(file->rows.to(at::kFloat).equal(want_)) << path;
    EXPECT_EQ(file->rows.scalar_type(), path.extension() == ".csv" ? at::kDouble : at::kFloat) << "the values as they are";
    ASSERT_TRUE(file->labels) << path;
    EXPECT_TRUE(ClassIds().of(*file->labels, "labels")->equal(at::tensor(std::vector<std::int64_t>{0, 1})));
  }
  const auto alone = read_embedding_file(write("a.npy", rows_), true);
  EXPECT_TRUE(alone->rows.equal(want_));
  EXPECT_FALSE(alone->labels);
  for (const auto& path : {write("l.npy", labels_), write("l.txt", "7\n5\n"), write("l.csv", "label\n7\n5\n"),
                           write("l.npz", testing::zip({{"labels.npy", labels_}}, true)), safetensors}) {
    const auto labels = read_label_file(path);
    ASSERT_TRUE(labels) << labels.error().text();
    EXPECT_EQ(ClassIds().of(*labels, "l")->size(0), 2);
  }
}

TEST_F(EmbeddingFileTest, WrongContentSaysWhatIsThereAndWhatIsWanted) {
  const auto message = [](const std::filesystem::path& path) {
    const auto file = read_embedding_file(path, true);
    return file ? std::string("no error") : file.error().message();
  };
  EXPECT_NE(message(write("a.pkl", "x")).find("read are .npy, .npz, .safetensors, .csv"), std::string::npos);
  EXPECT_NE(message(write("a.npz", testing::zip({{"arr_0.npy", rows_}}, true))).find("there are arr_0.npy"),
            std::string::npos);
  EXPECT_NE(message(write("b.npz", testing::zip({{"embeddings.npy", labels_}}, true))).find("two dimensions"),
            std::string::npos);
  EXPECT_NE(message(write("c.npz", testing::zip({{"embeddings.npy", "x"}}, true))).find("array 'embeddings'"),
            std::string::npos);
  EXPECT_NE(message(write("a.safetensors", "short")).find("safetensors"), std::string::npos);
  EXPECT_EQ(read_embedding_file(folder_.path() / "none.npy", true).error().code(), StatusCode::kNotFound);
  EXPECT_FALSE(read_label_file(write("l.pkl", "x")));
}

TEST(ClassIdsTest, NumbersTextsAndIntegersAcrossFiles) {
  ClassIds classes;
  const Array texts{{}, {"b", "7", "b"}}, numbers{at::tensor(std::vector<std::int64_t>{7, -1}).unsqueeze(1), {}};
  EXPECT_TRUE(classes.of(texts, "t")->equal(at::tensor(std::vector<std::int64_t>{0, 1, 0})));
  EXPECT_TRUE(classes.of(numbers, "n")->equal(at::tensor(std::vector<std::int64_t>{1, 2})));
  EXPECT_EQ(classes.count(), 3);
  EXPECT_FALSE(classes.of({at::ones({3}), {}}, "f"));
  EXPECT_FALSE(classes.of({at::ones({3, 2}, at::kLong), {}}, "m"));
}

}  // namespace
}  // namespace oodml::embeddings
