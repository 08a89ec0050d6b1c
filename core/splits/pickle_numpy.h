#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <variant>

#include "core/base/result.h"

namespace oodml::splits {

/// The globals a pickle may name. None is called: each stands for a few lines of our own.
enum class PickleGlobal : std::uint8_t { kDtype, kScalar, kEncode, kSet };

/// Any other global is refused with the list of the accepted ones.
Result<PickleGlobal> find_pickle_global(std::string_view module, std::string_view name);

/// A numpy dtype that a scalar can have: U<n> (text of n characters), f8, i1..i8, u1..u8.
struct PickleDtype {
  char kind = 'U';
  std::int64_t bytes = 0;
};
Result<PickleDtype> parse_pickle_dtype(std::string_view code);

/// What the bytes of a numpy scalar mean: UTF-32 without trailing NULs as UTF-8, or a number, little-endian.
using PickleScalar = std::variant<std::string, std::int64_t, double>;
Result<PickleScalar> decode_pickle_scalar(const PickleDtype& dtype, std::string_view bytes);

/// The bytes that `text` (UTF-8) has in Latin-1.
Result<std::string> encode_latin1(std::string_view text);

}  // namespace oodml::splits
