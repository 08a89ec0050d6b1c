// Scans written with codes of our own, of every length and with every kind of block, are read as they were written.
#include "core/images/jpeg_lanes.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <bit>
#include <vector>

#include "core/base/seeds.h"

namespace oodml::images {
namespace {

using Chance = oodml::Random;                                  // gtest has one too
constexpr std::array<std::size_t, 3> kComponents = {0, 0, 1};  // of the blocks of a unit
using Block = std::array<std::int16_t, 64>;                    // in the order of the file, which here is that of memory
constexpr std::uint8_t kBlockEnd = 0x00, kSixteenZeros = 0xF0;

/// A Huffman code of random lengths, none of them all ones.
struct Code {
  std::array<std::uint8_t, 256> length{};
  std::array<std::uint32_t, 256> bits{};
  JpegHuffman table;

  Code(std::vector<std::uint8_t> symbols, Chance& chance) {
    for (std::size_t i = symbols.size(); i > 1; --i) {
      std::swap(symbols[i - 1], symbols[static_cast<std::size_t>(chance.below(static_cast<std::int64_t>(i)))]);
    }
    std::array<std::uint8_t, 17> counts{};
    std::int64_t left = std::ssize(symbols), free = 1;
    std::uint32_t next = 0;
    std::size_t at = 0;
    for (int n = 1; n <= 16; ++n, next <<= 1) {
      free *= 2;
      std::int64_t count = n == 16 ? left : chance.below(std::min({left, free - 1, std::int64_t{2} * n}) + 1);
      while (((free - count) << (16 - n)) - 1 < left - count) --count;  // the others must find longer codes
      counts[static_cast<std::size_t>(n)] = static_cast<std::uint8_t>(count);
      left -= count;
      free -= count;
      for (; count > 0; --count, ++next, ++at) {
        length[symbols[at]] = static_cast<std::uint8_t>(n);
        bits[symbols[at]] = next;
      }
    }
    symbols.resize(256);
    table.build(counts.data(), symbols.data());
  }
};

class Writer {
 public:
  void put(std::uint32_t bits, int count) {
    for (int i = count - 1; i >= 0; --i, ++count_) {
      if (count_ % 8 == 0) bytes_.push_back(0);
      bytes_.back() = static_cast<std::uint8_t>(bytes_.back() | ((bits >> i & 1) << (7 - count_ % 8)));
    }
  }
  void put(const Code& code, std::uint8_t symbol, int value = 0) {
    put(code.bits[symbol], code.length[symbol]);
    const int size = symbol & 15;
    put(static_cast<std::uint32_t>(value < 0 ? value - 1 : value), size);  // of negative values the complement
  }
  void put(const Block& block, int level_before, const Code& dc, const Code& ac) {
    const int difference = block[0] - level_before;
    put(dc, size_of(difference), difference);
    int zeros = 0;
    for (std::size_t k = 1; k < 64; ++k) {
      if (block[k] == 0) {
        ++zeros;
        continue;
      }
      for (; zeros > 15; zeros -= 16) put(ac, kSixteenZeros);
      put(ac, static_cast<std::uint8_t>(zeros << 4 | size_of(block[k])), block[k]);
      zeros = 0;
    }
    if (zeros > 0) put(ac, kBlockEnd);
  }
  std::uint32_t bits() const { return static_cast<std::uint32_t>(count_); }
  JpegScanBytes scan() {
    const std::size_t size = bytes_.size();
    bytes_.resize(size + JpegScanBytes::kPadding);
    return {bytes_.data(), bytes_.data() + size};
  }

 private:
  static std::uint8_t size_of(int value) {
    return static_cast<std::uint8_t>(std::bit_width(static_cast<unsigned>(std::abs(value))));
  }
  std::vector<std::uint8_t> bytes_;
  int count_ = 0;
};

/// Of `bits` bits, its sign at random.
int value_of(int bits, Chance& chance) {
  const int size = 1 << (bits - 1), value = size + static_cast<int>(chance.below(size));
  return chance.below(2) == 0 ? value : -value;
}

Block some_block(Chance& chance) {
  Block block{};
  const double share = chance.uniform() * chance.uniform();
  for (std::size_t k = 1; k < 64; ++k) {
    if (chance.uniform() < share)
      block[k] =
          static_cast<std::int16_t>(value_of(1 + static_cast<int>(10 * chance.uniform() * chance.uniform()), chance));
  }
  if (chance.below(4) == 0) block[63] = -1;
  if (chance.below(8) == 0) block[62] = 3;
  return block;
}

struct Scan {
  std::vector<Block> blocks;
  std::vector<JpegLanes::Start> starts;  ///< of the units, and of what lies behind the last
  Writer writer;
};

class JpegLanesTest : public ::testing::TestWithParam<int> {
 protected:
  JpegLanesTest() {
    unit_.count = kComponents.size();
    for (std::size_t i = 0; i < unit_.count; ++i) {
      unit_.blocks[i] = {&dc_[kComponents[i]].table, &ac_[kComponents[i]].table, kComponents[i]};
    }
    unit_.order.fill(63);
    for (std::size_t k = 0; k < 64; ++k) unit_.order[k] = static_cast<std::uint8_t>(k);
  }

  Scan scan_of(std::size_t units) {
    Scan scan;
    JpegLanes::Start start;
    for (std::size_t u = 0; u < units; ++u) {
      scan.starts.push_back(start);
      for (const std::size_t component : kComponents) {
        Block block = some_block(chance_);
        std::int32_t& level = start.dc[component];
        block[0] = static_cast<std::int16_t>(
            std::clamp<std::int64_t>(level + value_of(1 + static_cast<int>(chance_.below(10)), chance_), -2000, 2000));
        scan.writer.put(block, level, dc_[component], ac_[component]);
        level = block[0];
        scan.blocks.push_back(block);
      }
      start.bit = scan.writer.bits();
    }
    scan.starts.push_back(start);
    return scan;
  }

  static std::vector<std::uint8_t> dc_symbols() { return {0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12}; }
  static std::vector<std::uint8_t> ac_symbols() {
    std::vector<std::uint8_t> symbols = {kBlockEnd, kSixteenZeros};
    for (int run = 0; run < 16; ++run) {
      for (int size = 1; size <= 10; ++size) symbols.push_back(static_cast<std::uint8_t>(run << 4 | size));
    }
    return symbols;
  }

  void expect_units(const JpegLanes::Stretch& stretch, const Scan& scan) {
    for (std::size_t u = stretch.first; u < stretch.first + stretch.units; ++u) {
      ASSERT_EQ(stretch.start(u).bit, scan.starts[u].bit) << "unit " << u;
      ASSERT_EQ(stretch.start(u).dc, scan.starts[u].dc) << "unit " << u;
      for (std::size_t i = 0; i < unit_.count && stretch.coefficients != nullptr; ++i) {
        const std::int16_t* from = stretch.coefficients + ((u - stretch.first) * unit_.count + i) * 64;
        Block block;
        std::copy(from, from + 64, block.begin());
        block[0] = static_cast<std::int16_t>(block[0] + stretch.dc[kComponents[i]]);
        ASSERT_EQ(block, scan.blocks[u * unit_.count + i]) << "unit " << u << ", block " << i;
      }
    }
  }

  Chance chance_{static_cast<std::uint64_t>(GetParam())};
  std::array<Code, 2> dc_ = {Code(dc_symbols(), chance_), Code(dc_symbols(), chance_)};
  std::array<Code, 2> ac_ = {Code(ac_symbols(), chance_), Code(ac_symbols(), chance_)};
  JpegUnit unit_;
};

TEST_P(JpegLanesTest, AScanIsReadAsItWasWritten) {
  constexpr std::size_t kUnits = 400;
  Scan scan = scan_of(kUnits);
  const JpegScanBytes bytes = scan.writer.scan();
  for (const bool kept : {true, false}) {
    JpegLanes lanes(unit_, bytes, scan.writer.bits() / kUnits);
    std::size_t unit = 0;
    JpegLanes::Start start;
    while (unit < kUnits) {
      lanes.read(unit, start, kUnits - unit, kept);
      ASSERT_GT(lanes.stretches()[0].units, 0) << "unit " << unit;
      for (const JpegLanes::Stretch& stretch : lanes.stretches()) {
        if (stretch.units == 0) continue;
        ASSERT_EQ(stretch.first, unit);
        expect_units(stretch, scan);
        unit += stretch.units;
        start = stretch.start(unit);
      }
    }
    EXPECT_EQ(start.bit, scan.starts[kUnits].bit);
  }
}

INSTANTIATE_TEST_SUITE_P(OfManyCodes, JpegLanesTest, ::testing::Range(0, 40));

}  // namespace
}  // namespace oodml::images
