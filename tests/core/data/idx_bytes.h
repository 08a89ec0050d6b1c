#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace oodml::data {

/// An IDX file of unsigned bytes.
std::string idx_bytes(const std::vector<std::uint32_t>& shape, std::string_view values);

}  // namespace oodml::data
