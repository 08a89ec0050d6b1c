#include "core/base/safetensors.h"

#include <gtest/gtest.h>

#include <cstring>
#include <random>

#include "core/base/atomic_file.h"
#include "tests/support/temporary_folder.h"

namespace oodml {
namespace {

/// A file of the given header and data, with the right length in front.
std::string with_header(std::string header, std::string_view data) {
  const std::uint64_t length = header.size();
  std::string bytes(8, '\0');
  std::memcpy(bytes.data(), &length, 8);
  return bytes + header + std::string(data);
}

StatusCode code_of(std::string bytes) {
  const auto file = parse_safetensors(std::move(bytes), "test");
  return file ? StatusCode::kOk : file.error().code();
}

class SafetensorsTest : public ::testing::Test {
 protected:
  const testing::TemporaryFolder folder_;
};

TEST_F(SafetensorsTest, WhatIsWrittenReadsBackWithEveryTensorAligned) {
  const float weights[] = {1.5f, -2.0f, 0.25f};
  const std::int64_t step = 7;
  const std::string flags("\x01\x00\x01", 3);
  const std::map<std::string, StoredTensor> tensors = {
      {"a.flags", {"BOOL", {3}, flags}},
      {"b.weights", {"F32", {1, 3}, {reinterpret_cast<const char*>(weights), sizeof(weights)}}},
      {"c.step", {"I64", {}, {reinterpret_cast<const char*>(&step), sizeof(step)}}},
      {"d.none", {"F32", {0, 4}, {}}}};
  ASSERT_TRUE(write_safetensors(folder_ / "x", tensors, {{"format", "oodml \"1\"\n"}}).ok());

  const auto file = read_safetensors(folder_ / "x", 1 << 20);
  ASSERT_TRUE(file) << file.error().text();
  EXPECT_EQ(file->metadata.at("format"), "oodml \"1\"\n");
  ASSERT_EQ(file->tensors.size(), tensors.size());
  for (const auto& [name, tensor] : tensors) {
    const StoredTensor& read = file->tensors.at(name);
    EXPECT_EQ(read.dtype, tensor.dtype);
    EXPECT_EQ(read.shape, tensor.shape);
    EXPECT_EQ(read.bytes, tensor.bytes);
    const auto offset = static_cast<std::int64_t>(read.bytes.data() - file->storage->data());
    EXPECT_EQ(offset % safetensors_element_size(read.dtype), 0) << name;
  }
}

TEST_F(SafetensorsTest, EqualInputGivesEqualBytesAndAFullFolderLeavesTheOldFile) {
  const std::map<std::string, StoredTensor> tensors = {{"x", {"U8", {2}, "ab"}}};
  ASSERT_TRUE(write_safetensors(folder_ / "x", tensors).ok());
  const auto first = read_file(folder_ / "x", 1000);
  ASSERT_TRUE(write_safetensors(folder_ / "x", tensors).ok());
  EXPECT_EQ(*first, *read_file(folder_ / "x", 1000));
  EXPECT_EQ(write_safetensors(folder_ / "none" / "x", tensors).code(), StatusCode::kNotFound);
  EXPECT_EQ(write_safetensors(folder_ / "x", {{"x", {"U8", {3}, "ab"}}}).code(), StatusCode::kInvalidArgument);
  EXPECT_EQ(*first, *read_file(folder_ / "x", 1000));
  EXPECT_EQ(read_safetensors(folder_ / "x", 10).error().code(), StatusCode::kInvalidArgument);
}

TEST(SafetensorsParseTest, DamagedFilesAreRefused) {
  const std::string good = R"({"x":{"dtype":"U8","shape":[2],"data_offsets":[0,2]}})";
  EXPECT_EQ(code_of(with_header(good, "ab")), StatusCode::kOk);
  EXPECT_EQ(code_of(with_header("{}", "")), StatusCode::kOk);

  EXPECT_EQ(code_of(""), StatusCode::kDataLoss);
  EXPECT_EQ(code_of("1234567"), StatusCode::kDataLoss);
  EXPECT_EQ(code_of(std::string(8, '\xff') + good), StatusCode::kDataLoss);
  EXPECT_EQ(code_of(with_header(good, "a")), StatusCode::kDataLoss);
  EXPECT_EQ(code_of(with_header(good, "abc")), StatusCode::kDataLoss);
  for (
      const char* header : {
          "[]",
          "{",
          R"({"x":3})",
          R"({"__metadata__":{"a":1}})",
          R"({"x":{"dtype":"Q8","shape":[2],"data_offsets":[0,2]}})",
          R"({"x":{"dtype":"F32","shape":[2],"data_offsets":[0,2]}})",
          R"({"x":{"dtype":"U8","shape":[-2],"data_offsets":[0,2]}})",
          R"({"x":{"dtype":"U8","shape":[1.5],"data_offsets":[0,2]}})",
          R"({"x":{"dtype":"U8","shape":[2],"data_offsets":[2,0]}})",
          R"({"x":{"dtype":"U8","shape":[2],"data_offsets":[0]}})",
          R"({"x":{"dtype":"U8","shape":[2],"data_offsets":[-1,1]}})",
          R"({"x":{"dtype":"U8","shape":[2]}})",
          R"({"x":{"shape":[2],"data_offsets":[0,2]}})",
          R"({"x":{"dtype":"I64","shape":[4611686018427387904,4],"data_offsets":[0,2]}})",
          R"({"x":{"dtype":"U8","shape":[18446744073709551615],"data_offsets":[0,2]}})",
          R"({"x":{"dtype":"U8","shape":[2],"data_offsets":[0,18446744073709551615]}})",
          R"({"x":{"dtype":"U8","shape":[2],"data_offsets":[0,2]},"y":{"dtype":"U8","shape":[1],"data_offsets":[1,2]}})",
          R"({"x":{"dtype":"U8","shape":[1],"data_offsets":[1,2]}})",
      }) {
    EXPECT_EQ(code_of(with_header(header, "ab")), StatusCode::kDataLoss) << header;
  }
}

TEST(SafetensorsParseTest, NestingAndRandomDamageNeitherCrashNorHang) {
  EXPECT_EQ(code_of(with_header(std::string(1 << 20, '['), "")), StatusCode::kDataLoss);
  const std::string good = with_header(R"({"x":{"dtype":"U8","shape":[2],"data_offsets":[0,2]}})", "ab");
  std::mt19937 random(1);
  for (int round = 0; round < 20000; ++round) {
    std::string bytes = good;
    bytes[random() % bytes.size()] = static_cast<char>(random());
    if (round % 3 == 0) bytes.resize(random() % bytes.size());
    const auto file = parse_safetensors(bytes, "test");
    if (!file) continue;
    for (const auto& [name, tensor] : file->tensors) {
      EXPECT_GE(tensor.bytes.data(), file->storage->data());
      EXPECT_LE(tensor.bytes.data() + tensor.bytes.size(), file->storage->data() + file->storage->size());
    }
  }
}

}  // namespace
}  // namespace oodml
