// clang-format off
#include <cstdio>  // jpeglib.h needs FILE
// clang-format on
#define JPEG_INTERNALS  // jpeglib.h then declares what its parts call in each other, the same since release 6b
#include "core/images/jpeg_scan.h"

#include <array>
#include <cstring>

#include "core/images/jpeg_huffman.h"

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

/// A coefficient of which `seen` says too little; its step and value. A step of 0 when there is no such code.
struct Coefficient {
  int step;
  std::int32_t value;
};

Coefficient take_long(ScanBits& bits, const JpegHuffman& table, JpegHuffman::Entry seen) {
  bits.fill();
  bits.drop(seen.bits());
  const int symbol = seen.bits() > 0 ? seen.value() : table.take_long_code(bits);
  if (symbol < 0) return {0, 0};
  const int run = symbol >> 4, size = symbol & 15;
  return {size > 0 || run == 15 ? run + 1 : JpegHuffman::kBlockEnd, bits.take_signed(size)};
}

/// The difference to the level before.
bool read_level(ScanBits& bits, const JpegHuffman& table, std::int32_t& level) {
  bits.fill();
  const JpegHuffman::Entry entry = table.look(bits);
  if (entry.step() != JpegHuffman::kNotSeen) {
    bits.drop(entry.bits());
    level += entry.value();
  } else {
    const Coefficient difference = take_long(bits, table, entry);
    if (difference.step == 0) return false;
    level += difference.value;
  }
  return level <= kMaxDc && level >= -kMaxDc;
}

/// The coefficient after number k, however long it is; which it was, or -1.
template <bool kKept>
int take_one(ScanBits& bits, const JpegHuffman& table, int k, JCOEF* block) {
  bits.fill();
  const JpegHuffman::Entry entry = table.look(bits);
  Coefficient next{entry.step(), entry.value()};
  if (next.step == JpegHuffman::kNotSeen) {
    next = take_long(bits, table, entry);
    if (next.step == 0) return -1;
  } else {
    bits.drop(entry.bits());
  }
  if (next.step == JpegHuffman::kBlockEnd) return kLast;
  if (k + next.step > kLast) return -1;
  if constexpr (kKept) block[kNaturalOrder[k + next.step]] = static_cast<JCOEF>(next.value);
  return k + next.step;
}

/// All coefficients of a block but the first.
template <bool kKept>
[[gnu::always_inline]] inline bool read_rest(ScanBits& in, const JpegHuffman& table, JCOEF* block) {
  ScanBits bits = in;  // so that it lies in registers
  for (int k = 0; k < kLast;) {
    bits.fill();
#pragma GCC unroll 5
    for (int i = 0; i < 5; ++i) {  // of at most kLook bits each
      const JpegHuffman::Entry entry = table.look(bits);
      if (k + entry.step() >= kLast) [[unlikely]] {
        if ((k = take_one<kKept>(bits, table, k, block)) < 0) return false;
        break;
      }
      bits.drop(entry.bits());
      k += entry.step();
      if constexpr (kKept) block[kNaturalOrder[k]] = static_cast<JCOEF>(entry.value());
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
  std::array<JpegHuffman, NUM_HUFF_TBLS> dc, ac;
  std::array<std::int32_t, MAX_COMPS_IN_SCAN> last_dc{};
  JDIMENSION column = 0;  ///< of the next unit

  template <bool kKept>
  bool read_unit(const jpeg_decompress_struct& info, JBLOCKROW* blocks) {
    for (int i = 0; i < info.blocks_in_MCU; ++i) {
      const int member = info.MCU_membership[i];
      const jpeg_component_info& component = *info.cur_comp_info[member];
      std::int32_t& level = last_dc[static_cast<std::size_t>(member)];
      if (!read_level(bits, dc[static_cast<std::size_t>(component.dc_tbl_no)], level)) return false;
      JCOEF* block = nullptr;
      if constexpr (kKept) {
        block = *blocks[i];
        block[0] = static_cast<JCOEF>(level);
      }
      if (!read_rest<kKept>(bits, ac[static_cast<std::size_t>(component.ac_tbl_no)], block)) return false;
    }
    return bits.place() <= end;
  }

  /// `blocks` are all zero; null when the row is passed over.
  static boolean decode_unit(j_decompress_ptr info, JBLOCKROW* blocks) {
    Impl& scan = *reinterpret_cast<Impl*>(info->entropy);
    const JDIMENSION column = scan.column;
    scan.column = column + 1 == info->MCUs_per_row ? 0 : column + 1;
    const jpeg_decomp_master& wanted = *info->master;
    const bool kept = blocks != nullptr && column >= wanted.first_iMCU_col && column <= wanted.last_iMCU_col;
    if (kept ? scan.read_unit<true>(*info, blocks) : scan.read_unit<false>(*info, nullptr)) return TRUE;
    scan.gave_up = true;
    (*info->err->error_exit)(reinterpret_cast<j_common_ptr>(info));
    return FALSE;
  }
};

JpegScan::JpegScan() = default;
JpegScan::~JpegScan() = default;

bool JpegScan::take_over(jpeg_decompress_struct& info) {
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
  for (int i = 0; i < info.comps_in_scan; ++i) {
    const jpeg_component_info& component = *info.cur_comp_info[i];
    const JHUFF_TBL& dc = *info.dc_huff_tbl_ptrs[component.dc_tbl_no];
    const JHUFF_TBL& ac = *info.ac_huff_tbl_ptrs[component.ac_tbl_no];
    if (i > 0 && component.dc_tbl_no == info.cur_comp_info[i - 1]->dc_tbl_no &&
        component.ac_tbl_no == info.cur_comp_info[i - 1]->ac_tbl_no) {
      continue;  // as of the other colour
    }
    scan->dc[static_cast<std::size_t>(component.dc_tbl_no)].build(dc.bits, dc.huffval);
    scan->ac[static_cast<std::size_t>(component.ac_tbl_no)].build(ac.bits, ac.huffval);
  }
  scan->base = *info.entropy;
  scan->base.decode_mcu = Impl::decode_unit;
  impl_ = std::move(scan);
  info.entropy = &impl_->base;
  return true;
}

bool JpegScan::gave_up() const { return impl_ != nullptr && impl_->gave_up; }

}  // namespace oodml::images
