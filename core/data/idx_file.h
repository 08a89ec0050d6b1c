#pragma once

#include <cstdint>
#include <filesystem>
#include <vector>

#include "core/base/result.h"

namespace oodml::data {

/// A file of unsigned bytes in the IDX format of MNIST: a magic number, the dimensions, the values.
struct IdxFile {
  std::vector<std::int64_t> shape;
  std::vector<std::uint8_t> values;  ///< row-major
};

/// Reads a gzipped or plain IDX file of `dimensions` dimensions. kDataLoss names the file and what is wrong with
/// it: another magic number, truncated, longer than its dimensions say, over 1 GiB of values.
Result<IdxFile> read_idx_file(const std::filesystem::path& path, std::size_t dimensions);

}  // namespace oodml::data
