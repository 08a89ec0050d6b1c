#pragma once

#include <cstdint>
#include <cstring>
#include <string>
#include <string_view>
#include <vector>

namespace oodml::testing {

/// The bytes of values as they lie in memory.
template <typename T>
std::string bytes_of(const std::vector<T>& values) {
  return {reinterpret_cast<const char*>(values.data()), values.size() * sizeof(T)};
}

/// A .npy file with this dictionary; version 1 has a 2-byte length.
std::string npy(const std::string& dictionary, const std::string& data, int version = 1);
/// The dictionary NumPy writes.
std::string npy_dictionary(const std::string& descr, const std::string& shape, bool fortran_order = false);

}  // namespace oodml::testing
