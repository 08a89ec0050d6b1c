#include "core/embedding_files/embedding_file.h"

#include <gtest/gtest.h>

#include <cmath>

#include "core/base/atomic_file.h"
#include "core/base/safetensors.h"
#include "core/embedding_files/class_ids.h"
#include "tests/core/embedding_files/file_bytes.h"
#include "tests/support/process.h"
#include "tests/support/temporary_folder.h"
#include "tests/support/zip_archive.h"

namespace oodml::embedding_files {
namespace {

using testing::bytes_of;
using testing::npy;
using testing::npy_dictionary;
using testing::zip;

class EmbeddingFileTest : public ::testing::Test {
 protected:
  std::filesystem::path write(const std::string& name, const std::string& bytes) {
    const auto path = folder_.path() / name;
    EXPECT_TRUE(write_file_atomically(path, bytes).ok());
    return path;
  }

  /// Why the files are not read.
  static std::string message_of(const std::filesystem::path& rows, const std::filesystem::path& labels,
                                const Choices& choices) {
    const auto file = read_labelled_rows(rows, labels, choices);
    return file ? "no error" : file.error().message();
  }

  testing::TemporaryFolder folder_;
  const std::string rows_ = npy(npy_dictionary("<f4", "(2, 2)"), bytes_of(std::vector<float>{1, 2, 3, 4}));
  const std::string labels_ = npy(npy_dictionary("<i8", "(2,)"), bytes_of(std::vector<std::int64_t>{7, 5}));
  const torch::Tensor want_ = at::tensor(std::vector<float>{1, 2, 3, 4}).view({2, 2});
};

TEST_F(EmbeddingFileTest, EveryFormatGivesTheSameRowsAndLabels) {
  const std::vector<float> values = {1, 2, 3, 4};
  const std::vector<std::int32_t> labels = {7, 5};
  const std::string value_bytes = bytes_of(values), label_bytes = bytes_of(labels);
  const auto safetensors = folder_.path() / "a.safetensors";
  ASSERT_TRUE(write_safetensors(safetensors,
                                {{"embeddings", {"F32", {2, 2}, value_bytes}}, {"labels", {"I32", {2}, label_bytes}}})
                  .ok());
  for (const auto& path : {write("a.npz", zip({{"embeddings.npy", rows_}, {"labels.npy", labels_}}, true)),
                           write("b.NPZ", zip({{"embeddings.npy", rows_}, {"labels.npy", labels_}}, false)),
                           write("a.csv", "1,2,7\n3,4,5\n"), safetensors}) {
    const auto file = read_labelled_rows(path, "", {});
    ASSERT_TRUE(file) << file.error().text();
    EXPECT_TRUE(file->rows.to(at::kFloat).equal(want_)) << path;
    EXPECT_EQ(file->rows.scalar_type(), path.extension() == ".csv" ? at::kDouble : at::kFloat)
        << "the values as they are";
    EXPECT_TRUE(ClassIds().of(file->labels, "labels")->equal(at::tensor(std::vector<std::int64_t>{0, 1})));
    EXPECT_TRUE(file->notes.empty());
  }
  for (const auto& path : {write("l.npy", labels_), write("l.txt", "7\n5\n"), write("l.csv", "label\n7\n5\n"),
                           write("l.npz", zip({{"labels.npy", labels_}}, true)), safetensors}) {
    const auto file = read_labelled_rows(write("a.npy", rows_), path, {});
    ASSERT_TRUE(file) << file.error().text();
    EXPECT_TRUE(file->rows.equal(want_));
    EXPECT_EQ(file->labels_from, path.string());
    EXPECT_EQ(ClassIds().of(file->labels, "l")->size(0), 2);
  }
}

TEST_F(EmbeddingFileTest, WrongContentSaysWhatIsThereAndWhatIsWanted) {
  const auto message = [](const std::filesystem::path& path, const Choices& choices = {}) {
    return message_of(path, "", choices);
  };
  EXPECT_NE(message(write("a.pkl", "x")).find("read are .npy, .npz, .safetensors, .csv"), std::string::npos);
  EXPECT_NE(
      message(write("b.npz", zip({{"embeddings.npy", labels_}}, true)), {.label_column = "1"}).find("two dimensions"),
      std::string::npos);
  EXPECT_NE(message(write("c.npz", zip({{"embeddings.npy", "x"}}, true))).find("array 'embeddings'"),
            std::string::npos);
  EXPECT_NE(message(write("a.safetensors", "short")).find("safetensors"), std::string::npos);
  EXPECT_NE(message(write("a.npy", rows_)).find("--labels"), std::string::npos);
  EXPECT_EQ(read_labelled_rows(folder_.path() / "none.npy", "", {}).error().code(), StatusCode::kNotFound);
  EXPECT_EQ(read_labelled_rows(write("a.npy", rows_), folder_.path() / "none.txt", {}).error().code(),
            StatusCode::kNotFound);
  EXPECT_FALSE(read_labelled_rows(write("a.npy", rows_), write("l.pkl", "x"), {}));
  EXPECT_NE(message(write("a.csv", "1,2,7\n3,4,5\n"), {.array = "x"}).find("--array is for"), std::string::npos);
  EXPECT_NE(message(write("page.csv", "<!DOCTYPE html>\n<html>\n")).find("page.csv: this is an HTML page"),
            std::string::npos);
  EXPECT_NE(message(write("lfs.npz", "version https://git-lfs.github.com/spec/v1\noid sha256:1\nsize 2\n"))
                .find("a Git LFS pointer"),
            std::string::npos);
  EXPECT_NE(message(write("packed.csv", "\x1f\x8b\x08")).find("a gzip file"), std::string::npos);
  EXPECT_NE(message(write("npy.npz", rows_)).find("a NumPy array"), std::string::npos);
  EXPECT_NE(message_of(write("a.npy", rows_), write("l.txt", "<html>\n"), {}).find("l.txt: this is an HTML page"),
            std::string::npos);
  EXPECT_NE(
      message_of(write("empty.npy", npy(npy_dictionary("<f4", "(0, 1099511627776)"), "")), write("l.txt", "1\n"), {})
          .find("no embeddings"),
      std::string::npos);
  const auto deep = npy(npy_dictionary("<f4", "(1, 2, 2)"), bytes_of(std::vector<float>{1, 2, 3, 4}));
  EXPECT_NE(message_of(write("deep.npy", deep), write("l.txt", "1\n"), {}).find("not an array [1, 2, 2]"),
            std::string::npos);
  const auto scalar = npy(npy_dictionary("<f4", "()"), bytes_of(std::vector<float>{1}));
  EXPECT_NE(message_of(write("scalar.npy", scalar), write("l.txt", "1\n"), {}).find("not an array []"),
            std::string::npos);
}

TEST_F(EmbeddingFileTest, ArraysOfOtherNamesAreTakenWhereNoOtherCanBeMeantAndTheNotesSayWhich) {
  const auto pair =
      read_labelled_rows(write("a.npz", zip({{"arr_0.npy", rows_}, {"arr_1.npy", labels_}}, true)), "", {});
  ASSERT_TRUE(pair) << pair.error().text();
  EXPECT_TRUE(pair->rows.equal(want_));
  ASSERT_EQ(pair->notes.size(), 2u);
  EXPECT_NE(pair->notes[0].find("array 'arr_0' is taken for the embeddings (--array names another)"),
            std::string::npos);
  EXPECT_NE(pair->notes[1].find("array 'arr_1' is taken for the labels"), std::string::npos);

  const auto both =
      write("b.npz",
            zip({{"x_train.npy", rows_}, {"x_test.npy", rows_}, {"y_test.npy", labels_}, {"ids.npy", labels_}}, true));
  const std::string unclear = message_of(both, "", {});
  EXPECT_NE(unclear.find("more than one of two dimensions"), std::string::npos) << unclear;
  EXPECT_NE(unclear.find("'x_test' [2, 2] of floats"), std::string::npos) << unclear;
  EXPECT_NE(message_of(both, "", {.array = "x_test"}).find("--label-array"), std::string::npos) << "ids are no labels";
  EXPECT_TRUE(read_labelled_rows(both, "", {.array = "x_test", .label_array = "y_test"}));
  const auto absent = read_labelled_rows(both, "", {.array = "z"});
  EXPECT_NE(absent.error().message().find("no array 'z' in it; there are 'ids' [2] of integers"), std::string::npos);
  EXPECT_EQ(absent.error().code(), StatusCode::kInvalidArgument) << "the file is there";
  const auto two =
      write("c.npz", zip({{"embeddings.npy", rows_}, {"label.npy", labels_}, {"target.npy", labels_}}, true));
  EXPECT_NE(message_of(two, "", {}).find("arrays 'label' and 'target' can both be the labels"), std::string::npos);
}

TEST_F(EmbeddingFileTest, LabelArraysOfEveryShapeThatMeansOneARow) {
  const auto labels = [&](const std::string& descr, const std::string& shape, const std::string& bytes,
                          const Choices& choices = {}) {
    const auto file =
        read_labelled_rows(write("a.npy", rows_), write("l.npy", npy(npy_dictionary(descr, shape), bytes)), choices);
    if (!file) return std::vector<std::string>{file.error().message()};
    ClassIds ids;
    EXPECT_TRUE(ids.of(file->labels, "l"));
    return ids.names();
  };
  using Names = std::vector<std::string>;
  const std::string pair = bytes_of(std::vector<double>{7, -5}), square = bytes_of(std::vector<double>{0, 1, 1, 0});
  EXPECT_EQ(labels("<f8", "(2,)", pair), (Names{"7", "-5"}));
  EXPECT_EQ(labels("<f8", "(2, 1)", pair), (Names{"7", "-5"}));
  EXPECT_EQ(labels("<f8", "(1, 2)", pair), (Names{"7", "-5"}));
  EXPECT_EQ(labels("<f8", "(2, 2)", square), (Names{"1", "0"})) << "one-hot";
  EXPECT_EQ(labels("|S3", "(2, 1)", "dogcat"), (Names{"dog", "cat"}));
  const std::string ids = bytes_of(std::vector<double>{1, 7, 2, 5});
  EXPECT_NE(labels("<f8", "(2, 2)", ids)[0].find("not an array [2, 2]; --label-column"), std::string::npos);
  EXPECT_EQ(labels("<f8", "(2, 2)", ids, {.label_column = "2"}), (Names{"7", "5"}));
  EXPECT_NE(labels("<f8", "(2,)", bytes_of(std::vector<double>{1, 0.5}))[0].find("label 1 (from 0), 0.5"),
            std::string::npos);
  EXPECT_NE(labels("<f8", "(2,)", bytes_of(std::vector<double>{1, std::nan("")}))[0].find("label 1 (from 0), nan"),
            std::string::npos);
}

TEST_F(EmbeddingFileTest, ColumnsOfAnArrayAreTakenApartByNumber) {
  const std::string wide = npy(npy_dictionary("<f8", "(2, 4)"), bytes_of(std::vector<double>{0, 1, 2, 7, 1, 3, 4, 5}));
  const auto file = read_labelled_rows(write("w.npy", wide), "", {.label_column = "4", .skip_columns = {"1"}});
  ASSERT_TRUE(file) << file.error().text();
  EXPECT_TRUE(file->rows.equal(want_.to(at::kDouble)));
  EXPECT_EQ(file->labels.numbers[1].item<std::int64_t>(), 5);
  EXPECT_NE(message_of(write("w.npy", wide), "", {.label_column = "5"}).find("no column '5' in its array [2, 4]"),
            std::string::npos);
  EXPECT_NE(message_of(write("w.npy", wide), "", {.label_column = "label"}).find("no column 'label'"),
            std::string::npos);
}

TEST_F(EmbeddingFileTest, AColumnThatCountsRowsIsNotTakenForADimensionSilently) {
  const std::string lines = "2,0.5,0\n0,0.25,0\n3,0.75,1\n1,0.125,1\n";
  const std::string counts = message_of(write("c.csv", lines), "", {});
  EXPECT_NE(counts.find("c.csv: column 1 counts the rows"), std::string::npos) << counts;
  EXPECT_EQ(read_labelled_rows(write("c.csv", lines), "", {.skip_columns = {"1"}})->rows.size(1), 1);
  EXPECT_EQ(read_labelled_rows(write("c.csv", lines), "", {.skip_columns = {"none"}})->rows.size(1), 2);
  EXPECT_EQ(read_labelled_rows(write("n.csv", "e0,e1,label\n" + lines), "", {})->rows.size(1), 2)
      << "named as a dimension";
  const auto array = npy(npy_dictionary("<f4", "(4, 2)"), bytes_of(std::vector<float>{2, 0.5, 3, 0.25, 4, 1, 5, 2}));
  EXPECT_NE(message_of(write("c.npy", array), write("l.txt", "0\n0\n1\n1\n"), {}).find("column 1 counts the rows"),
            std::string::npos);

  std::string wine, flags;  // class first, an integer last
  for (int i = 0; i < 9; ++i) {
    const std::string middle = "," + std::to_string(13.5 + 0.25 * i) + ",";
    wine += std::to_string(1 + i / 3) + middle + std::to_string(1000 - 7 * i) + "\n";
    flags += std::to_string(i % 2) + middle + std::to_string(i / 3) + "\n";
  }
  EXPECT_NE(message_of(write("wine.csv", wine), "", {}).find("column 1 holds integers alone"), std::string::npos);
  EXPECT_EQ(message_of(write("flags.csv", flags), "", {}), "no error");
}

TEST_F(EmbeddingFileTest, ElementsThatAreNotFiniteAreNamed) {
  const auto nan = npy(npy_dictionary("<f4", "(2, 2)"), bytes_of(std::vector<float>{1, 2, 3, std::nanf("")}));
  EXPECT_NE(message_of(write("n.npy", nan), write("l.txt", "1\n2\n"), {}).find("n.npy: element [1, 1] is nan"),
            std::string::npos);
  const auto inf = npy(npy_dictionary("<f2", "(2, 2)"), bytes_of(std::vector<std::uint16_t>{0, 0x7c00, 0, 0}));
  EXPECT_NE(message_of(write("i.npy", inf), write("l.txt", "1\n2\n"), {}).find("element [0, 1] is infinite"),
            std::string::npos);
}

TEST_F(EmbeddingFileTest, CountsThatDifferAreExplained) {
  const auto rows = write("a.csv", "0.5,1\n2,3\n");
  EXPECT_NE(message_of(rows, write("l.txt", "0\n1\n2\n"), {}).find("3 labels, but"), std::string::npos);
  EXPECT_NE(
      message_of(rows, write("l.txt", "0\n1\n2\n"), {}).find("is the first label a heading? Then say --heading yes"),
      std::string::npos);
  const auto wide = write("w.csv", "0.5,1,2\n2,3,4\n");
  EXPECT_NE(message_of(wide, write("l.txt", "0\n1\n2\n"), {}).find("save the transpose"), std::string::npos);
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
}  // namespace oodml::embedding_files
