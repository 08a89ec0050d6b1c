// clang-format off
#include <cstdio>  // jpeglib.h needs FILE
// clang-format on
#define JPEG_INTERNALS  // jpeglib.h then declares what its parts call in each other, the same since release 6b
#include "core/images/jpeg_scan.h"

#include <algorithm>
#include <array>
#include <cstring>
#include <utility>
#include <vector>

#include "core/images/jpeg_huffman.h"
#include "core/images/jpeg_places.h"

namespace oodml::images {
namespace {

/// A unit of ten blocks whose codes and coefficients are as long as can be takes 2480 bytes.
constexpr std::size_t kPadding = 4096;
constexpr int kLast = DCTSIZE2 - 1;
constexpr std::int32_t kMaxDc = 1 << 24;  // of a whole file only a hostile one comes there

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

constexpr std::uint8_t kEndMark = 0xD9;

/// The scan without the zeros that are stuffed behind 0xFF; `ended` says whether the end mark of the file ends it.
std::size_t unstuffed(const std::uint8_t* from, std::size_t bytes, std::uint8_t* to, bool& ended) {
  const std::uint8_t* const end = from + bytes;
  std::uint8_t* const begin = to;
  ended = false;
  while (from < end) {
    const auto* mark = static_cast<const std::uint8_t*>(std::memchr(from, 0xFF, static_cast<std::size_t>(end - from)));
    if (mark == nullptr || mark + 1 == end) break;
    const bool found = mark[1] != 0;
    ended = mark[1] == kEndMark;
    const std::size_t run = static_cast<std::size_t>(mark - from) + (found ? 0 : 1);
    std::memcpy(to, from, run);
    to += run;
    if (found) break;
    from = mark + 2;
  }
  return static_cast<std::size_t>(to - begin);
}

// What is called for every block is compiled twice, for processors with and without shifts by any register (BMI2), and
// therefore goes into its callers whole.
#define OODML_IN_PLACE [[gnu::always_inline]] inline

/// The difference to the level before.
OODML_IN_PLACE bool read_level(ScanBits& bits, const JpegHuffman& table, std::int32_t& level) {
  bits.fill();
  const int symbol = table.take_code(bits);
  if (symbol < 0) return false;
  level += bits.take_signed(symbol & 15);
  return level <= kMaxDc && level >= -kMaxDc;
}

/// The coefficient after number k, however long it is; which it was, or -1.
template <bool kKept>
OODML_IN_PLACE int take_one(ScanBits& bits, const JpegHuffman& table, int k, JCOEF* block, const std::uint8_t* order) {
  bits.fill();
  const int symbol = table.take_code(bits);
  if (symbol < 0) return -1;
  const int run = symbol >> 4, size = symbol & 15;
  if (size == 0 && run != 15) return kLast;  // the end of the block
  const std::int32_t value = bits.take_signed(size);
  k += run + 1;
  if (k > kLast) return -1;
  if constexpr (kKept) block[order[k]] = static_cast<JCOEF>(value);
  return k;
}

/// The coefficients of a block but the first, until one is number `until` or lies behind it; `order` says where in the
/// block each goes.
template <bool kKept>
OODML_IN_PLACE bool read_rest(ScanBits& in, const JpegHuffman& table, JCOEF* block, const std::uint8_t* order,
                              int until) {
  ScanBits bits = in;
  for (int k = 0; k < until;) {
    bits.fill();
#pragma GCC unroll 5
    for (int i = 0; i < 5; ++i) {  // of at most kLook bits each
      const JpegHuffman::Entry entry = table.look(bits);
      const int first = k + entry.first_step(), second = first + entry.second_step();
      if (second >= kLast) [[unlikely]] {
        if (entry.ends_block() && first < kLast) {
          if constexpr (kKept) block[order[first]] = static_cast<JCOEF>(entry.first());
          bits.drop(entry.bits());
          k = kLast;
        } else if ((k = take_one<kKept>(bits, table, k, block, order)) < 0) {
          return false;
        }
        break;
      }
      bits.drop(entry.bits());
      if constexpr (kKept) {  // the second first: it lies in the same place where there is none
        block[order[second]] = static_cast<JCOEF>(entry.second());
        block[order[first]] = static_cast<JCOEF>(entry.first());
      }
      k = second;
    }
  }
  in = bits;
  return true;
}

}  // namespace

struct JpegScan::Impl {
  jpeg_entropy_decoder base;  ///< First: what libjpeg points to is this object.
  bool gave_up = false;
  std::unique_ptr<std::uint8_t[]> bytes;
  const std::uint8_t* end = nullptr;
  ScanBits bits;
  std::vector<std::shared_ptr<const JpegHuffman>> tables;
  struct Block {
    const JpegHuffman *dc, *ac;
    std::int32_t* last_dc;
  };
  std::array<Block, D_MAX_BLOCKS_IN_MCU> blocks;  ///< of a unit
  std::size_t blocks_in_unit = 0;
  std::array<std::int32_t, MAX_COMPS_IN_SCAN> last_dc{};
  std::array<std::uint8_t, DCTSIZE2> order;  ///< of a coefficient in its block; those left out share the last place
  int last = kLast;                          ///< coefficient that counts
  JpegPlaces* places = nullptr;
  JDIMENSION column = 0;  ///< of the next unit that libjpeg asks for
  std::size_t asked = 0;  ///< its number
  std::size_t unit = 0;   ///< the one that `bits` stands before, not behind it

  bool has_lengths(std::size_t units) const { return places->lengths.size() >= units * blocks_in_unit; }

  /// Adds where this unit begins, if that is the next that is to be known.
  void note_place() {
    if (unit != places->places.size() * JpegPlaces::kUnits) return;
    JpegPlaces::Place place{.bit = static_cast<std::uint32_t>(bits.position(bytes.get())), .dc = {}};
    for (std::size_t i = 0; i < last_dc.size(); ++i) {
      place.dc[i] = static_cast<std::int16_t>(last_dc[i]);
      if (place.dc[i] != last_dc[i]) places = nullptr;  // only of a hostile file
      if (places == nullptr) return;
    }
    places->places.push_back(place);
  }

  /// As near to the unit `wanted` as is known without reading. An image that is decoded smaller needs the lengths too:
  /// where they end, reading goes on.
  void jump(std::size_t wanted) {
    if (places->places.empty()) return;
    const std::size_t known = last == kLast ? wanted : std::min(wanted, places->lengths.size() / blocks_in_unit);
    const std::size_t at = std::min(known / JpegPlaces::kUnits, places->places.size() - 1);
    if (at * JpegPlaces::kUnits <= unit) return;
    unit = at * JpegPlaces::kUnits;
    bits = ScanBits::at(bytes.get(), std::min<std::size_t>(places->places[at].bit, 8 * (end - bytes.get())));
    std::ranges::copy(places->places[at].dc, last_dc.begin());
  }

  template <bool kKept>
  OODML_IN_PLACE bool read_block(ScanBits& from, const Block& block, JCOEF* to, int until) {
    if (!read_level(from, *block.dc, *block.last_dc)) return false;
    if constexpr (kKept) to[0] = static_cast<JCOEF>(*block.last_dc);
    if (!read_rest<kKept>(from, *block.ac, to, order.data(), until)) return false;
    if (kKept && last != kLast) to[kLast] = 0;
    return true;
  }

  template <bool kKept>
  OODML_IN_PLACE bool read_unit(JBLOCKROW* to) {
    ScanBits now = bits;
    for (std::size_t i = 0; i < blocks_in_unit; ++i) {
      if (!read_block<kKept>(now, blocks[i], kKept ? *to[i] : nullptr, kLast)) return false;
    }
    bits = now;
    return bits.place() <= end;
  }

  /// Of an image that is decoded smaller, block for block with their lengths: found here, or known and made use of.
  template <bool kKept>
  OODML_IN_PLACE bool read_unit_with_lengths(JBLOCKROW* to) {
    const bool known = has_lengths(unit + 1);
    if (!known) places->lengths.resize(unit * blocks_in_unit);  // without those of a unit in which a fault was found
    std::size_t position = bits.position(bytes.get());
    for (std::size_t i = 0; i < blocks_in_unit; ++i) {
      ScanBits now = ScanBits::at(bytes.get(), position);
      const int until = !known ? kLast : kKept ? last : 0;
      if (!read_block<kKept>(now, blocks[i], kKept ? *to[i] : nullptr, until)) return false;
      if (!known) places->lengths.push_back(static_cast<std::uint16_t>(now.position(bytes.get()) - position));
      position += places->lengths[unit * blocks_in_unit + i];
      if (position > 8 * static_cast<std::size_t>(end - bytes.get())) return false;
    }
    bits = ScanBits::at(bytes.get(), position);
    return true;
  }

  template <bool kKept>
  OODML_IN_PLACE bool read_next(JBLOCKROW* to) {
    if (places != nullptr) note_place();
    const bool with_lengths = places != nullptr && last != kLast && has_lengths(unit);
    const bool read = with_lengths ? read_unit_with_lengths<kKept>(to) : read_unit<kKept>(to);
    ++unit;
    return read;
  }

  OODML_IN_PLACE bool read_asked(JBLOCKROW* to) {
    if (places != nullptr && unit < asked) jump(asked);
    while (unit < asked) {
      if (!read_next<false>(nullptr)) return false;
    }
    return read_next<true>(to);
  }

  /// `blocks` are all zero; null when the row is passed over. What is not wanted is read when something behind it is.
  OODML_IN_PLACE static boolean decode_unit(j_decompress_ptr info, JBLOCKROW* blocks) {
    Impl& scan = *reinterpret_cast<Impl*>(info->entropy);
    const JDIMENSION column = scan.column;
    const jpeg_decomp_master& wanted = *info->master;
    const bool kept = blocks != nullptr && column >= wanted.first_iMCU_col && column <= wanted.last_iMCU_col;
    const bool well = !kept || scan.read_asked(blocks);
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
JpegScan::~JpegScan() = default;

bool JpegScan::take_over(jpeg_decompress_struct& info, double reducible) {
  if (info.progressive_mode || info.arith_code || info.restart_interval != 0) return false;
  if (info.inputctl->has_multiple_scans || info.comps_in_scan != info.num_components) return false;
  auto scan = std::make_unique<Impl>();
  scan->bytes = std::make_unique_for_overwrite<std::uint8_t[]>(info.src->bytes_in_buffer + kPadding);
  bool ended = false;
  const std::size_t size = unstuffed(info.src->next_input_byte, info.src->bytes_in_buffer, scan->bytes.get(), ended);
  if (!ended) return false;
  std::memset(scan->bytes.get() + size, 0, kPadding);
  scan->end = scan->bytes.get() + size;
  scan->bits = ScanBits(scan->bytes.get());
  std::array<std::pair<const JpegHuffman*, const JpegHuffman*>, MAX_COMPS_IN_SCAN> tables;
  for (int i = 0; i < info.comps_in_scan; ++i) {
    const jpeg_component_info& component = *info.cur_comp_info[i];
    scan->tables.push_back(table_of(*info.dc_huff_tbl_ptrs[component.dc_tbl_no]));
    scan->tables.push_back(table_of(*info.ac_huff_tbl_ptrs[component.ac_tbl_no]));
    tables[static_cast<std::size_t>(i)] = {scan->tables.end()[-2].get(), scan->tables.end()[-1].get()};
  }
  scan->blocks_in_unit = static_cast<std::size_t>(info.blocks_in_MCU);
  scan->last = last_coefficient(reducible);
  scan->order.fill(kLast);
  std::copy_n(kNaturalOrder, scan->last + 1, scan->order.begin());
  scan->places = places_;
  for (int i = 0; i < info.blocks_in_MCU; ++i) {
    const auto member = static_cast<std::size_t>(info.MCU_membership[i]);
    scan->blocks[static_cast<std::size_t>(i)] = {tables[member].first, tables[member].second, &scan->last_dc[member]};
  }
  scan->base = *info.entropy;
  scan->base.decode_mcu = Impl::for_this_processor();
  impl_ = std::move(scan);
  info.entropy = &impl_->base;
  return true;
}

bool JpegScan::gave_up() const { return impl_ != nullptr && impl_->gave_up; }

}  // namespace oodml::images
