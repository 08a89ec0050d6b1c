#include "tests/core/embedding_files/file_bytes.h"

#include "tests/support/byte_order.h"

namespace oodml::testing {

std::string npy_dictionary(const std::string& descr, const std::string& shape, bool fortran_order) {
  const std::string order = fortran_order ? "True" : "False";
  return "{'descr': '" + descr + "', 'fortran_order': " + order + ", 'shape': " + shape + ", }";
}

std::string npy(const std::string& dictionary, const std::string& data, int version) {
  std::string header = dictionary;
  header += std::string((64 - (header.size() + 11) % 64) % 64, ' ') + "\n";
  const auto length = static_cast<std::uint32_t>(header.size());
  std::string bytes = "\x93NUMPY";
  bytes += {static_cast<char>(version), '\0'};
  bytes += little(length).substr(0, version == 1 ? 2 : 4);
  return bytes + header + data;
}

}  // namespace oodml::testing
