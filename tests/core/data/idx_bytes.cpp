#include "tests/core/data/idx_bytes.h"

#include "tests/support/byte_order.h"

namespace oodml::data {

std::string idx_bytes(const std::vector<std::uint32_t>& shape, std::string_view values) {
  std::string bytes{'\0', '\0', '\x08', static_cast<char>(shape.size())};
  for (const std::uint32_t extent : shape) bytes += testing::big_endian(extent);
  return bytes + std::string(values);
}

}  // namespace oodml::data
