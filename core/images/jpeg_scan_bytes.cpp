#include "core/images/jpeg_scan_bytes.h"

#if defined(__SSE2__)
#include <emmintrin.h>
#endif

#include <bit>

namespace oodml::images {
namespace {

constexpr std::uint8_t kEndMark = 0xD9;

/// Copies bytes before the first 0xFF, as far as whole registers go; behind them `to` may be written over.
std::size_t copy_plain(const std::uint8_t* from, const std::uint8_t* end, std::uint8_t* to) {
  std::size_t done = 0;
#if defined(__SSE2__)
  const __m128i marks = _mm_set1_epi8(-1);
  for (; end - from >= static_cast<std::ptrdiff_t>(done + sizeof(__m128i)); done += sizeof(__m128i)) {
    const __m128i bytes = _mm_loadu_si128(reinterpret_cast<const __m128i*>(from + done));
    _mm_storeu_si128(reinterpret_cast<__m128i*>(to + done), bytes);
    const int found = _mm_movemask_epi8(_mm_cmpeq_epi8(bytes, marks));
    if (found != 0) return done + static_cast<std::size_t>(std::countr_zero(static_cast<unsigned>(found)));
  }
#endif
  for (; from + done < end && from[done] != 0xFF; ++done) to[done] = from[done];
  return done;
}

}  // namespace

std::size_t without_stuffing(const std::uint8_t* from, std::size_t bytes, std::uint8_t* to, bool& ended) {
  const std::uint8_t* const end = from + bytes;
  std::uint8_t* const begin = to;
  ended = false;
  while (true) {
    const std::size_t plain = copy_plain(from, end, to);
    from += plain;
    to += plain;
    if (end - from < 2) break;
    if (from[1] != 0) {
      ended = from[1] == kEndMark;
      break;
    }
    *to++ = 0xFF;
    from += 2;
  }
  return static_cast<std::size_t>(to - begin);
}

}  // namespace oodml::images
