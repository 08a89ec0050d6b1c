#include "core/images/jpeg_scan_bytes.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <vector>

namespace oodml::images {
namespace {

using Bytes = std::vector<std::uint8_t>;

Bytes without_stuffing_of(const Bytes& scan, bool& ended) {
  Bytes to(scan.size());
  to.resize(without_stuffing(scan.data(), scan.size(), to.data(), ended));
  return to;
}

TEST(JpegScanBytesTest, StuffedZerosAreLeftOutWhereverTheyAre) {
  for (std::size_t first = 0; first < 40; ++first) {
    for (std::size_t second = first; second < 60; ++second) {
      Bytes plain(60, 7), scan;
      plain[first] = plain[second] = 0xFF;
      for (const std::uint8_t byte : plain) {
        scan.push_back(byte);
        if (byte == 0xFF) scan.push_back(0);
      }
      bool ended = false;
      for (const std::uint8_t mark : {0xD9, 0xD8}) {
        Bytes file = scan;
        file.insert(file.end(), {0xFF, mark, 1, 2, 3});
        EXPECT_EQ(without_stuffing_of(file, ended), plain) << first << ' ' << second;
        EXPECT_EQ(ended, mark == 0xD9);
      }
    }
  }
}

TEST(JpegScanBytesTest, AScanWithoutAMarkHasNotEnded) {
  for (std::size_t size = 0; size < 40; ++size) {
    bool ended = true;
    EXPECT_EQ(without_stuffing_of(Bytes(size, 5), ended), Bytes(size, 5));
    EXPECT_FALSE(ended);
    Bytes cut(size, 5);
    cut.push_back(0xFF);
    without_stuffing_of(cut, ended);
    EXPECT_FALSE(ended);
  }
}

}  // namespace
}  // namespace oodml::images
