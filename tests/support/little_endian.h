#pragma once

#include <string>

namespace oodml::testing {

/// The bytes of a number as files have them, least significant first.
template <typename T>
std::string little(T value) {
  return {reinterpret_cast<const char*>(&value), sizeof(T)};
}

}  // namespace oodml::testing
