#include "coordinator/artifacts/output_file.h"

#include <gtest/gtest.h>

#include <cstdio>
#include <fstream>

#include "core/job/limits.h"
#include "tests/support/temporary_folder.h"

namespace oodml::coordinator::artifacts {
namespace {

constexpr std::int64_t kMib = 1 << 20;

class OutputFileTest : public ::testing::Test {
 protected:
  /// Lines of 16 bytes that say where they are.
  static std::string text_at(std::int64_t offset, std::int64_t bytes) {
    std::string text;
    char line[32];
    for (std::int64_t number = offset / 16; std::ssize(text) < offset % 16 + bytes; ++number) {
      std::snprintf(line, sizeof(line), "%015lld\n", static_cast<long long>(number));
      text.append(line, 16);
    }
    return text.substr(static_cast<std::size_t>(offset % 16), static_cast<std::size_t>(bytes));
  }
  std::int64_t append(std::int64_t offset, const std::string& data, bool over = false) {
    const auto state = append_to_output(file, offset, data, over);
    EXPECT_TRUE(state) << state.error().text();
    return state ? state->end : -1;
  }
  void fill(std::int64_t bytes) {
    std::int64_t end = look_at_output(file)->end;
    while (end < bytes) end = append(end, text_at(end, std::min(bytes - end, kMib - 7)));
  }

  oodml::testing::TemporaryFolder folder;
  std::filesystem::path file = folder / "7-1";
};

TEST_F(OutputFileTest, WhatIsAppendedIsReadAndRepeatsChangeNothing) {
  EXPECT_EQ(look_at_output(file)->end, 0);
  EXPECT_EQ(read_output(file, 100)->data, "");
  EXPECT_EQ(append(0, "one\n"), 4);
  EXPECT_EQ(append(0, "one\ntwo\n"), 8) << "only what is new of it";
  EXPECT_EQ(append(4, "two\n"), 8);
  EXPECT_EQ(append(20, "later\n"), 8) << "nothing is written beyond a gap";
  EXPECT_EQ(read_output(file, 0)->data, "one\ntwo\n");
  EXPECT_EQ(read_output(file, 5)->data, "wo\n");
  EXPECT_EQ(read_output(file, -4)->data, "two\n");
  EXPECT_EQ(read_output(file, -4)->offset, 4);
  EXPECT_EQ(read_output(file, -400)->offset, 0);
  EXPECT_EQ(read_output(file, 100)->offset, 8);
  EXPECT_FALSE(look_at_output(file)->over);
  EXPECT_EQ(append(8, "", true), 8);
  EXPECT_TRUE(look_at_output(file)->over);
}

TEST_F(OutputFileTest, OfALongOutputTheBeginningAndTheNewestAreKept) {
  fill(26 * kMib);
  EXPECT_LE(std::filesystem::file_size(file), static_cast<std::uintmax_t>(16 * kMib + 64));
  const OutputState state = *look_at_output(file);
  EXPECT_EQ(state.end, 26 * kMib);
  EXPECT_EQ(state.left_out(), 11 * kMib);
  for (std::int64_t at = 0; at < 26 * kMib;) {
    const auto bytes = read_output(file, at);
    ASSERT_TRUE(bytes) << bytes.error().text();
    ASSERT_EQ(bytes->offset, at == 8 * kMib ? 19 * kMib : at);
    ASSERT_FALSE(bytes->data.empty());
    ASSERT_EQ(bytes->data, text_at(bytes->offset, std::ssize(bytes->data)));
    at = bytes->offset + std::ssize(bytes->data);
  }
  EXPECT_EQ(read_output(file, 15 * kMib)->offset, 19 * kMib) << "across the hole";
  EXPECT_EQ(read_output(file, -16)->data, text_at(26 * kMib - 16, 16));
}

TEST_F(OutputFileTest, AKillBetweenTheBytesAndTheirLengthLeavesWhatWasThere) {
  fill(20 * kMib);
  std::string header(24, '\0');
  std::ifstream(file, std::ios::binary).read(header.data(), std::ssize(header));
  append(20 * kMib, text_at(20 * kMib, kMib));
  std::fstream(file, std::ios::binary | std::ios::in | std::ios::out).write(header.data(), std::ssize(header));
  EXPECT_EQ(look_at_output(file)->end, 20 * kMib);
  for (std::int64_t at = look_at_output(file)->tail_begin(); at < 20 * kMib; at += kMib) {
    const auto bytes = read_output(file, at);
    EXPECT_EQ(bytes->data, text_at(at, std::ssize(bytes->data))) << at;
  }
  EXPECT_EQ(append(20 * kMib, text_at(20 * kMib, 16)), 20 * kMib + 16);
}

TEST_F(OutputFileTest, ALengthThatIsBeyondTheBytesIsNotBelieved) {
  append(0, text_at(0, 1000));
  std::filesystem::resize_file(file, 24 + 100);
  EXPECT_EQ(look_at_output(file)->end, 100);
  EXPECT_EQ(append(1000, "x"), 100) << "its worker goes on from there";
  std::ofstream(file) << "torn";
  EXPECT_EQ(look_at_output(file)->end, 0);
  EXPECT_EQ(append(0, "again\n"), 6);
  EXPECT_EQ(read_output(file, 0)->data, "again\n");
}

}  // namespace
}  // namespace oodml::coordinator::artifacts
