#include "core/pickle/bytes.h"

#include <bit>
#include <string>

namespace oodml::pickle {

Result<std::string_view> Bytes::take(std::uint64_t size) {
  if (size > left()) {
    return invalid_argument("wants " + std::to_string(size) + " more bytes, but the file ends after " +
                            std::to_string(left()));
  }
  const std::string_view taken = bytes_.substr(position_, size);
  position_ += size;
  return taken;
}

Result<std::uint64_t> Bytes::number(std::size_t size) {
  OODML_ASSIGN_OR_RETURN(const std::string_view digits, take(size));
  std::uint64_t value = 0;
  for (std::size_t i = size; i-- > 0;) value = value << 8 | static_cast<std::uint8_t>(digits[i]);
  return value;
}

Result<std::int64_t> Bytes::signed_number(std::size_t size) {
  if (size == 0) return 0;  // LONG1 writes zero without any byte
  OODML_ASSIGN_OR_RETURN(const std::uint64_t value, number(size));
  const auto unused_bits = static_cast<int>(64 - 8 * size);
  return static_cast<std::int64_t>(value << unused_bits) >> unused_bits;
}

Result<double> Bytes::real() {
  OODML_ASSIGN_OR_RETURN(const std::string_view digits, take(8));
  std::uint64_t value = 0;
  for (const char digit : digits) value = value << 8 | static_cast<std::uint8_t>(digit);
  return std::bit_cast<double>(value);
}

Result<std::string_view> Bytes::line(std::size_t limit) {
  const std::string_view rest = bytes_.substr(position_);
  const std::size_t end = rest.substr(0, limit + 1).find('\n');
  if (end == std::string_view::npos) {
    return invalid_argument("wants a line of at most " + std::to_string(limit) + " bytes");
  }
  position_ += end + 1;
  return rest.substr(0, end);
}

}  // namespace oodml::pickle
