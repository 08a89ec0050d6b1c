#include "core/embedding_files/npy.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>

#include "core/embedding_files/numbers.h"
#include "tests/core/embedding_files/file_bytes.h"

namespace oodml::embedding_files {
namespace {

using testing::bytes_of;
using testing::npy;
using testing::npy_dictionary;

torch::Tensor matrix(std::vector<float> values) { return at::tensor(values).view({2, 3}); }

TEST(NpyTest, ReadsEveryNumberTypeVersionAndOrder) {
  const auto want = matrix({1, 2, 3, 4, 5, 6});
  const auto read = [](const std::string& descr, const std::string& data, bool fortran = false, int version = 1) {
    const auto array = parse_npy(npy(npy_dictionary(descr, "(2, 3)", fortran), data, version), "a.npy");
    EXPECT_TRUE(array) << array.error().text();
    return array ? to_array(*array).numbers : at::empty({0});
  };
  const std::vector<float> floats = {1, 2, 3, 4, 5, 6};
  EXPECT_TRUE(read("<f4", bytes_of(floats)).equal(want));
  EXPECT_TRUE(read("<f4", bytes_of(floats), false, 2).equal(want));
  EXPECT_TRUE(read("<f4", bytes_of(floats), false, 3).equal(want));
  EXPECT_TRUE(read("<f4", bytes_of(std::vector<float>{1, 4, 2, 5, 3, 6}), true).equal(want));
  EXPECT_TRUE(read("<f8", bytes_of(std::vector<double>{1, 2, 3, 4, 5, 6})).equal(want.to(at::kDouble)));
  EXPECT_TRUE(read("<f2", bytes_of(std::vector<at::Half>{1, 2, 3, 4, 5, 6})).equal(want));
  const auto integers = want.to(at::kLong);
  EXPECT_TRUE(read("<i8", bytes_of(std::vector<std::int64_t>{1, 2, 3, 4, 5, 6})).equal(integers));
  const auto first_of = [](const torch::Tensor& numbers) { return numbers[0][0].item<std::int64_t>(); };
  EXPECT_EQ(first_of(read("<i4", bytes_of(std::vector<std::int32_t>{-1, 2, 3, 4, 5, 6}))), -1);
  EXPECT_EQ(first_of(read("<u2", bytes_of(std::vector<std::uint16_t>{65535, 2, 3, 4, 5, 6}))), 65535);
  EXPECT_TRUE(read("|u1", std::string("\1\2\3\4\5\6")).equal(integers));
  EXPECT_TRUE(read("|b1", std::string("\1\0\1\1\0\0", 6))[0][1].item<std::int64_t>() == 0);
}

/// The same bytes as a big-endian machine writes them.
template <typename T>
std::string big_endian(const std::vector<T>& values) {
  std::string bytes = bytes_of(values);
  for (std::size_t i = 0; i < bytes.size(); i += sizeof(T))
    std::reverse(bytes.begin() + i, bytes.begin() + i + sizeof(T));
  return bytes;
}

TEST(NpyTest, ReadsBigEndianNumbersAndTheHeadersOfPython2) {
  const auto read = [](const std::string& dictionary, const std::string& data) {
    const auto array = parse_npy(npy(dictionary, data), "a.npy");
    EXPECT_TRUE(array) << array.error().text();
    return array ? to_array(*array).numbers : at::empty({0});
  };
  const auto want = matrix({1, 2, 3, 4, 5, 6});
  EXPECT_TRUE(read(npy_dictionary(">f4", "(2, 3)"), big_endian<float>({1, 2, 3, 4, 5, 6})).equal(want));
  EXPECT_TRUE(read(npy_dictionary(">f4", "(2, 3)", true), big_endian<float>({1, 4, 2, 5, 3, 6})).equal(want));
  EXPECT_TRUE(
      read(npy_dictionary(">f8", "(2, 3)"), big_endian<double>({1, 2, 3, 4, 5, 6})).equal(want.to(at::kDouble)));
  EXPECT_TRUE(
      read(npy_dictionary(">i2", "(2, 3)"), big_endian<std::int16_t>({1, 2, 3, 4, 5, 6})).equal(want.to(at::kLong)));
  const std::string floats = bytes_of(std::vector<float>{1, 2, 3, 4, 5, 6});
  EXPECT_TRUE(read(npy_dictionary("<f4", "(2L, 3L)"), floats).equal(want));
  EXPECT_TRUE(read("{u'descr': u'<f4', u'fortran_order': False, u'shape': (2L, 3)}", floats).equal(want));
  const std::string wide_bytes("\0\0\0a\0\0\0b", 8);
  const auto wide = parse_npy(npy(npy_dictionary(">U1", "(2, 1)"), wide_bytes), "a.npy");
  EXPECT_EQ(to_array(*wide).texts, (std::vector<std::string>{"a", "b"}));
}

TEST(NpyTest, UnsignedNumbersBeyondInt64KeepTheirSign) {
  const std::vector<std::uint64_t> values = {1, 1ULL << 63, 3};
  const auto array = parse_npy(npy(npy_dictionary("<u8", "(3,)"), bytes_of(values)), "a.npy");
  EXPECT_EQ(to_array(*array).numbers[1].item<double>(), 9223372036854775808.0);
}

TEST(NpyTest, WhatIsNotReadIsCalledByItsName) {
  const auto message = [](const std::string& dictionary) {
    const auto array = parse_npy(npy(dictionary, std::string(48, '\0')), "a.npy");
    return array ? std::string("no error") : array.error().message();
  };
  EXPECT_NE(message(npy_dictionary("|O", "(6,)")).find("Python objects"), std::string::npos);
  EXPECT_NE(message(npy_dictionary("<c8", "(6,)")).find("complex numbers"), std::string::npos);
  EXPECT_NE(message(npy_dictionary("<M8", "(6,)")).find("dates"), std::string::npos);
  EXPECT_NE(message(npy_dictionary("|V8", "(6,)")).find("raw bytes"), std::string::npos);
  EXPECT_NE(
      message("{'descr': [('a', '<f4'), ('b', '<f4')], 'fortran_order': False, 'shape': (6,)}").find("named fields"),
      std::string::npos);
}

TEST(NpyTest, ReadsTexts) {
  const std::vector<std::uint32_t> points = {'a', 0xe9, 0x1f600, 'b', 0, 0};
  const auto wide = parse_npy(npy(npy_dictionary("<U3", "(2,)"), bytes_of(points)), "a.npy");
  ASSERT_TRUE(wide) << wide.error().text();
  EXPECT_EQ(to_array(*wide).texts, (std::vector<std::string>{"a\xc3\xa9\xf0\x9f\x98\x80", "b"}));
  const auto narrow = parse_npy(npy(npy_dictionary("|S3", "(2,)"), std::string("dogcat")), "a.npy");
  EXPECT_EQ(to_array(*narrow).texts, (std::vector<std::string>{"dog", "cat"}));
}

TEST(NpyTest, DamagedAndHostileFilesAreErrorsThatNameTheFile) {
  const std::string data = bytes_of(std::vector<float>{1, 2, 3, 4, 5, 6});
  const std::vector<std::string> bad = {
      "",
      "\x93NUMPY",
      "NUMPY" + data,
      npy("", data),
      npy("{}", data),
      npy("{'descr': '<f4'", data),
      npy(npy_dictionary("<f4", "(2, 3)") + "x", data),
      npy(npy_dictionary("<f4", "(2, 4)"), data),
      npy(npy_dictionary("<f4", "(2, 2)"), data),
      npy(npy_dictionary("<f4", "(-2, -3)"), data),
      npy(npy_dictionary("<f4", "(4294967296, 4294967296)"), data),
      npy(npy_dictionary("<f4", "(4611686018427387904, 4)"), ""),
      npy(npy_dictionary("<f4", "(99999999999999999999,)"), data),
      npy(npy_dictionary("<f4", "(1,1,1,1,1,1,1,1,6)"), data),
      npy(npy_dictionary("<f4", "2, 3"), data),
      npy(npy_dictionary("<f4", "(2LL, 3)"), data),
      npy(npy_dictionary("|O", "(2, 3)"), data),
      npy(npy_dictionary("<f16", "(2, 3)"), data),
      npy(npy_dictionary("<c8", "(1, 3)"), data),
      npy(npy_dictionary("<f", "(2, 3)"), data),
      npy(npy_dictionary("<U1000000000", "(1,)"), data),
      npy(npy_dictionary("<U9223372036854775807", "(1,)"), data),
      npy(npy_dictionary("<U0", "(6,)"), ""),
      npy("{'descr': [('a', '<f4')], 'fortran_order': False, 'shape': (6,)}", data),
      npy("{'descr': '<f4', 'descr': '<f4', 'shape': (2, 3)}", data),
      npy(npy_dictionary("<f4", "(2, 3)"), data, 4),
  };
  for (const std::string& bytes : bad) {
    const auto array = parse_npy(bytes, "bad.npy");
    ASSERT_FALSE(array) << bytes.substr(0, 120);
    EXPECT_TRUE(array.error().message().starts_with("bad.npy: ")) << array.error().message();
  }
  EXPECT_NE(parse_npy(bad[7], "a").error().message().find("needs 32 bytes of data, it has 24"), std::string::npos);
  EXPECT_NE(parse_npy(bad[16], "a").error().message().find("Python objects"), std::string::npos);
}

TEST(NpyTest, EveryTruncationIsAnError) {
  const std::string whole = npy(npy_dictionary("<f4", "(2, 3)"), bytes_of(std::vector<float>{1, 2, 3, 4, 5, 6}));
  for (std::size_t length = 0; length < whole.size(); ++length) {
    EXPECT_FALSE(parse_npy(std::string_view(whole).substr(0, length), "a.npy")) << length;
  }
}

}  // namespace
}  // namespace oodml::embedding_files
