#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <variant>

#include "core/base/result.h"

namespace oodml::pickle {

/// A numpy dtype that a scalar can have: U<n> (text of n characters), f8, i1..i8, u1..u8.
struct Dtype {
  char kind = 'U';
  std::int64_t bytes = 0;
};
Result<Dtype> parse_dtype(std::string_view code);

/// What the bytes of a numpy scalar mean: UTF-32 without trailing NULs as UTF-8, or a number, little-endian.
using Scalar = std::variant<std::string, std::int64_t, double>;
Result<Scalar> decode_scalar(const Dtype& dtype, std::string_view bytes);

/// The bytes that `text` (UTF-8) has in Latin-1.
Result<std::string> encode_latin1(std::string_view text);

}  // namespace oodml::pickle
