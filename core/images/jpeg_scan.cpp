// clang-format off
#include <cstdio>  // jpeglib.h needs FILE
// clang-format on
#define JPEG_INTERNALS  // jpeglib.h then declares what its parts call in each other, the same since release 6b
#include "core/images/jpeg_scan.h"

#include <algorithm>
#include <array>
#include <cstring>
#include <optional>
#include <utility>
#include <vector>

#include "core/images/jpeg_block_reader.h"
#include "core/images/jpeg_huffman.h"
#include "core/images/jpeg_lanes.h"
#include "core/images/jpeg_places.h"
#include "core/images/jpeg_scan_bytes.h"

namespace oodml::images {
namespace {

constexpr int kLast = JpegBlockReader::kLast;
static_assert(JpegUnit::kMostBlocks == D_MAX_BLOCKS_IN_MCU && JpegUnit::kMostComponents == MAX_COMPS_IN_SCAN);
static_assert(JpegBlockReader::kValues == DCTSIZE2);

constexpr std::uint8_t kNaturalOrder[64] = {0,  1,  8,  16, 9,  2,  3,  10, 17, 24, 32, 25, 18, 11, 4,  5,
                                            12, 19, 26, 33, 40, 48, 41, 34, 27, 20, 13, 6,  7,  14, 21, 28,
                                            35, 42, 49, 56, 57, 50, 43, 36, 29, 22, 15, 23, 30, 37, 44, 51,
                                            58, 59, 52, 45, 38, 31, 39, 46, 53, 60, 61, 54, 47, 55, 62, 63};

/// The last of the coefficients that count, in the order of the file. Of an image that becomes `reducible` times
/// smaller those whose frequencies down and across, in half waves a block, sum up to 12 / reducible at most: the filter
/// of the resize, sinc^2(sum * reducible / 16), leaves less than a tenth of the others.
int last_coefficient(double reducible) {
  if (reducible <= 1.0) return kLast;
  const int sum = std::clamp(static_cast<int>(12.0 / reducible), 0, 14), missing = 14 - sum;
  return sum <= 7 ? (sum + 1) * (sum + 2) / 2 - 1 : kLast - missing * (missing + 1) / 2;
}

constexpr std::size_t kPassedOver = 48;  // units that are not wanted are read for themselves from so many on

}  // namespace

struct JpegScan::Impl {
  jpeg_entropy_decoder base;  ///< First: what libjpeg points to is this object.
  bool gave_up = false;
  std::vector<std::uint8_t> memory;
  JpegScanBytes bytes{};
  std::vector<std::shared_ptr<const JpegHuffman>> tables;
  JpegUnit layout;
  std::optional<JpegLanes> lanes;
  int last = kLast;  ///< coefficient that counts
  JpegPlaces* places = nullptr;
  JDIMENSION column = 0;  ///< of the next unit that libjpeg asks for
  std::size_t asked = 0;  ///< its number
  std::size_t until = 0;  ///< Those before this number are wanted, if they lie in the columns.
  std::size_t unit = 0;   ///< the one that `start` is that of, not behind the one asked for
  JpegLanes::Start start;

  bool has_lengths(std::size_t units) const { return places->lengths.size() >= units * layout.count; }

  /// Adds where this unit begins, if that is the next that is to be known.
  void note_place(std::size_t number, const JpegLanes::Start& at) {
    if (number != places->places.size() * JpegPlaces::kUnits) return;
    JpegPlaces::Place place{.bit = at.bit, .dc = {}};
    for (std::size_t i = 0; i < at.dc.size(); ++i) {
      place.dc[i] = static_cast<std::int16_t>(at.dc[i]);
      if (place.dc[i] != at.dc[i]) places = nullptr;  // only of a hostile file
      if (places == nullptr) return;
    }
    places->places.push_back(place);
  }

  void note_places(const JpegLanes::Stretch& stretch) {
    while (places != nullptr) {
      const std::size_t number = places->places.size() * JpegPlaces::kUnits;
      if (!stretch.has(number)) return;
      note_place(number, stretch.start(number));
    }
  }

  std::size_t place_before(std::size_t wanted) const {
    return std::min(wanted / JpegPlaces::kUnits, places->places.size() - 1);
  }
  JpegLanes::Start at_place(std::size_t number) const {
    const JpegPlaces::Place& place = places->places[number];
    JpegLanes::Start at{.bit = static_cast<std::uint32_t>(std::min<std::size_t>(place.bit, bytes.bits())), .dc = {}};
    std::ranges::copy(place.dc, at.dc.begin());
    return at;
  }

  /// As near to the unit `wanted` as is known without reading. An image that is decoded smaller needs the lengths too:
  /// where they end, reading goes on.
  void jump(std::size_t wanted) {
    if (places == nullptr || places->places.empty()) return;
    const std::size_t known = last == kLast ? wanted : std::min(wanted, places->lengths.size() / layout.count);
    const std::size_t at = place_before(known);
    if (at * JpegPlaces::kUnits <= unit) return;
    unit = at * JpegPlaces::kUnits;
    start = at_place(at);
  }

  /// Of an image that is decoded smaller, a unit block for block: their lengths are found here, or known.
  template <bool kKept>
  OODML_IN_PLACE bool read_with_lengths(JBLOCKROW* to) {
    const bool known = has_lengths(unit + 1);
    if (!known) places->lengths.resize(unit * layout.count);  // without those of a unit in which a fault was found
    note_place(unit, start);
    if (places == nullptr || !(known ? read_known<kKept>(to) : find_lengths<kKept>(to))) return false;
    ++unit;
    return true;
  }

  template <bool kKept>
  OODML_IN_PLACE bool find_lengths(JBLOCKROW* to) {
    JpegBlockReader reader;
    reader.bits = ScanBits::at(bytes.begin, start.bit);
    for (std::size_t i = 0; i < layout.count; ++i) {
      const JpegUnit::Block& block = layout.blocks[i];
      const std::size_t before = reader.bits.position(bytes.begin);
      if constexpr (kKept) reader.block = *to[i];
      reader.ac = block.ac;
      if (!reader.begin<kKept>(*block.dc, start.dc[block.component], layout.order)) return false;
      if (!reader.read_until<kKept>(kLast, layout.order)) return false;
      if constexpr (kKept) reader.block[kLast] = 0;
      const std::size_t position = reader.bits.position(bytes.begin);
      if (position > bytes.bits()) return false;
      places->lengths.push_back(static_cast<std::uint16_t>(position - before));
      start.bit = static_cast<std::uint32_t>(position);
    }
    return true;
  }

  template <bool kKept>
  OODML_IN_PLACE bool read_known(JBLOCKROW* to) {
    std::size_t i = 0;
    for (; i + 2 <= layout.count; i += 2) {
      if (!read_known_blocks<kKept, 2>(i, to)) return false;
    }
    return i == layout.count || read_known_blocks<kKept, 1>(i, to);
  }

  /// Of blocks that are not kept the level alone.
  template <bool kKept, std::size_t kBlocks>
  OODML_IN_PLACE bool read_known_blocks(std::size_t first, JBLOCKROW* to) {
    std::array<JpegBlockReader, kBlocks> readers;
    const std::uint16_t* const lengths = places->lengths.data() + unit * layout.count + first;
#pragma GCC unroll 2
    for (std::size_t i = 0; i < kBlocks; ++i) {
      const JpegUnit::Block& block = layout.blocks[first + i];
      readers[i].bits = ScanBits::at(bytes.begin, start.bit);
      readers[i].ac = block.ac;
      if constexpr (kKept) readers[i].block = *to[first + i];
      if (!readers[i].template begin<kKept>(*block.dc, start.dc[block.component], layout.order)) return false;
      start.bit += lengths[i];
      if (start.bit > bytes.bits()) return false;
    }
    if constexpr (kKept) {
      if (!JpegBlockReader::read_first(readers, last, layout.order)) return false;
      for (const JpegBlockReader& reader : readers) reader.block[kLast] = 0;
    }
    return true;
  }

  OODML_IN_PLACE bool read_asked_with_lengths(JBLOCKROW* to) {
    if (unit < asked) jump(asked);
    while (unit < asked) {
      if (!read_with_lengths<false>(nullptr)) return false;
    }
    return read_with_lengths<true>(to);
  }

  const JpegLanes::Stretch* holding(std::size_t number) const {
    for (const JpegLanes::Stretch& stretch : lanes->stretches()) {
      if (stretch.has(number) && stretch.coefficients != nullptr) return &stretch;
    }
    return nullptr;
  }

  /// Remembers what was read, and goes behind it, or before the unit that is asked for.
  void take(const JpegLanes::Stretch& stretch) {
    if (stretch.units == 0) return;
    note_places(stretch);
    const std::size_t end = stretch.first + stretch.units;
    unit = stretch.coefficients != nullptr ? end : std::min(end, std::max(asked, stretch.first));
    start = stretch.start(unit);
  }

  /// Nearer to the unit that is asked for: `width` units that are wanted of a row of `units_of_row`, and of the next
  /// row where it is known to begin, or what lies behind this one.
  void read_more(std::size_t width, std::size_t units_of_row) {
    jump(asked);
    const std::size_t gap = asked - unit, below = asked + units_of_row;
    if (places != nullptr && below < until && below / JpegPlaces::kUnits < places->places.size()) {
      const std::size_t at = place_before(below), first = at * JpegPlaces::kUnits;
      lanes->read_both({unit, start, gap + width}, {first, at_place(at), below - first + width});
    } else if (gap >= kPassedOver) {
      lanes->read(unit, start, gap, false);
    } else {
      lanes->read(unit, start, std::max(until, asked + 1) - unit, true);
    }
    for (const JpegLanes::Stretch& stretch : lanes->stretches()) take(stretch);
  }

  bool read_asked(JBLOCKROW* to, std::size_t width, std::size_t units_of_row) {
    const JpegLanes::Stretch* stretch = holding(asked);
    for (; stretch == nullptr; stretch = holding(asked)) {
      const std::size_t before = unit;
      if (unit > asked) return false;  // a fault in what was read at once
      read_more(width, units_of_row);
      if (unit == before) return false;
    }
    const std::int16_t* from = stretch->coefficients + (asked - stretch->first) * layout.count * DCTSIZE2;
    for (std::size_t i = 0; i < layout.count; ++i, from += DCTSIZE2) {
      JCOEF* block = *to[i];
      std::memcpy(block, from, DCTSIZE2 * sizeof(JCOEF));
      block[0] = static_cast<JCOEF>(block[0] + stretch->dc[layout.blocks[i].component]);
      if (last != kLast) block[kLast] = 0;
    }
    return true;
  }

  /// `blocks` are all zero; null when the row is passed over. What is not wanted is read when something behind it is.
  OODML_IN_PLACE static boolean decode_unit(j_decompress_ptr info, JBLOCKROW* blocks) {
    Impl& scan = *reinterpret_cast<Impl*>(info->entropy);
    const JDIMENSION column = scan.column;
    const jpeg_decomp_master& wanted = *info->master;
    const bool kept = blocks != nullptr && column >= wanted.first_iMCU_col && column <= wanted.last_iMCU_col;
    const bool with_lengths = scan.last != kLast && scan.places != nullptr;
    const bool well =
        !kept || (with_lengths ? scan.read_asked_with_lengths(blocks)
                               : scan.read_asked(blocks, wanted.last_iMCU_col - column + 1, info->MCUs_per_row));
    scan.column = column + 1 == info->MCUs_per_row ? 0 : column + 1;
    ++scan.asked;
    if (well) return TRUE;
    scan.gave_up = true;
    (*info->err->error_exit)(reinterpret_cast<j_common_ptr>(info));
    return FALSE;
  }

  using DecodeUnit = boolean (*)(j_decompress_ptr, JBLOCKROW*);
  static boolean decode_unit_plain(j_decompress_ptr info, JBLOCKROW* blocks) { return decode_unit(info, blocks); }
  static DecodeUnit for_this_processor() {
#if defined(__x86_64__)
    if (__builtin_cpu_supports("bmi2")) return decode_unit_bmi2;
#endif
    return decode_unit_plain;
  }
#if defined(__x86_64__)
  [[gnu::target("bmi2")]] static boolean decode_unit_bmi2(j_decompress_ptr info, JBLOCKROW* blocks) {
    return decode_unit(info, blocks);
  }
#endif
};

namespace {

/// Of the latest scan of this thread, so that large ones do not get it from the system page by page.
thread_local std::vector<std::uint8_t> latest_memory;
constexpr std::size_t kMostKept = 16UL << 20;

std::vector<std::uint8_t> memory_of(std::size_t bytes) {
  std::vector<std::uint8_t> memory = std::exchange(latest_memory, {});
  if (memory.size() < bytes) memory = std::vector<std::uint8_t>(bytes + bytes / 4);
  return memory;
}

/// Most files have the same few tables, and to build one takes as long as a hundred blocks: the latest are kept.
std::shared_ptr<const JpegHuffman> table_of(const JHUFF_TBL& codes) {
  struct Known {
    std::array<std::uint8_t, 17 + 256> key{};
    std::shared_ptr<const JpegHuffman> table;
  };
  thread_local std::array<Known, 8> latest;
  thread_local std::size_t next = 0;
  std::array<std::uint8_t, 17 + 256> key{};
  std::copy_n(codes.bits, 17, key.begin());
  std::copy_n(codes.huffval, 256, key.begin() + 17);
  const auto known = std::ranges::find_if(latest, [&](const Known& one) { return one.table && one.key == key; });
  if (known != latest.end()) return known->table;
  auto table = std::make_shared<JpegHuffman>();
  table->build(codes.bits, codes.huffval);
  latest[next] = {key, table};
  next = (next + 1) % latest.size();
  return table;
}

}  // namespace

JpegScan::JpegScan(JpegPlaces* places) : places_(places) {}
JpegScan::~JpegScan() {
  if (impl_ != nullptr && impl_->memory.size() <= kMostKept) latest_memory = std::move(impl_->memory);
}

bool JpegScan::take_over(jpeg_decompress_struct& info, double reducible) {
  if (info.progressive_mode || info.arith_code || info.restart_interval != 0) return false;
  if (info.inputctl->has_multiple_scans || info.comps_in_scan != info.num_components) return false;
  auto scan = std::make_unique<Impl>();
  scan->memory = memory_of(info.src->bytes_in_buffer + JpegScanBytes::kPadding);
  bool ended = false;
  const std::size_t size =
      without_stuffing(info.src->next_input_byte, info.src->bytes_in_buffer, scan->memory.data(), ended);
  if (!ended) return false;
  std::memset(scan->memory.data() + size, 0, JpegScanBytes::kPadding);
  scan->bytes = {scan->memory.data(), scan->memory.data() + size};
  std::array<std::pair<const JpegHuffman*, const JpegHuffman*>, MAX_COMPS_IN_SCAN> tables;
  for (int i = 0; i < info.comps_in_scan; ++i) {
    const jpeg_component_info& component = *info.cur_comp_info[i];
    scan->tables.push_back(table_of(*info.dc_huff_tbl_ptrs[component.dc_tbl_no]));
    scan->tables.push_back(table_of(*info.ac_huff_tbl_ptrs[component.ac_tbl_no]));
    tables[static_cast<std::size_t>(i)] = {scan->tables.end()[-2].get(), scan->tables.end()[-1].get()};
  }
  scan->layout.count = static_cast<std::size_t>(info.blocks_in_MCU);
  for (std::size_t i = 0; i < scan->layout.count; ++i) {
    const auto component = static_cast<std::size_t>(info.MCU_membership[i]);
    scan->layout.blocks[i] = {tables[component].first, tables[component].second, component};
  }
  scan->last = last_coefficient(reducible);
  scan->layout.order.fill(kLast);
  std::copy_n(kNaturalOrder, scan->last + 1, scan->layout.order.begin());
  scan->places = places_;
  scan->until = std::size_t{info.MCUs_per_row} * info.MCU_rows_in_scan;
  scan->lanes.emplace(scan->layout, scan->bytes, 8 * size / scan->until);
  scan->base = *info.entropy;
  scan->base.decode_mcu = Impl::for_this_processor();
  impl_ = std::move(scan);
  info.entropy = &impl_->base;
  return true;
}

void JpegScan::read_until(const jpeg_decompress_struct& info, std::size_t bottom) {
  if (impl_ == nullptr) return;
  const auto down = static_cast<std::size_t>(info.max_v_samp_factor);
  const std::size_t row = (bottom + down) / (DCTSIZE * down);  // smooth up-sampling asks for a sample below
  const std::size_t rows = info.comps_in_scan == 1 ? (row + 1) * down : row + 1;
  impl_->until = std::min(impl_->until, rows * info.MCUs_per_row);
}

bool JpegScan::gave_up() const { return impl_ != nullptr && impl_->gave_up; }

}  // namespace oodml::images
