#include "tests/support/zip_archive.h"

#include <zlib.h>

#include <cstdint>

#include "tests/support/byte_order.h"
#include "tests/support/deflated.h"

namespace oodml::testing {

std::string zip(const std::vector<std::pair<std::string, std::string>>& members, bool deflated) {
  std::string bytes, directory;
  for (const auto& [name, content] : members) {
    const std::string packed = deflated ? raw_deflated(content) : content;
    const auto crc = static_cast<std::uint32_t>(
        crc32(0, reinterpret_cast<const Bytef*>(content.data()), static_cast<uInt>(content.size())));
    const std::string common =
        little<std::uint16_t>(20) + little<std::uint16_t>(0) + little<std::uint16_t>(deflated ? 8 : 0) +
        little<std::uint32_t>(0) + little(crc) + little(static_cast<std::uint32_t>(packed.size())) +
        little(static_cast<std::uint32_t>(content.size())) + little(static_cast<std::uint16_t>(name.size()));
    directory += little<std::uint32_t>(0x02014b50) + little<std::uint16_t>(20) + common + little<std::uint16_t>(0) +
                 little<std::uint16_t>(0) + little<std::uint16_t>(0) + little<std::uint16_t>(0) +
                 little<std::uint32_t>(0) + little(static_cast<std::uint32_t>(bytes.size())) + name;
    // NumPy leaves 20 bytes of an extra field in the local header.
    bytes += little<std::uint32_t>(0x04034b50) + common + little<std::uint16_t>(20) + name + std::string(20, '\x01');
    bytes += packed;
  }
  const auto count = static_cast<std::uint16_t>(members.size());
  return bytes + directory + little<std::uint32_t>(0x06054b50) + little<std::uint32_t>(0) + little(count) +
         little(count) + little(static_cast<std::uint32_t>(directory.size())) +
         little(static_cast<std::uint32_t>(bytes.size())) + little<std::uint16_t>(0);
}

}  // namespace oodml::testing
