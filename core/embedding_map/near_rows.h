#pragma once

#include <torch/types.h>

#include <cstdint>
#include <span>
#include <vector>

namespace oodml::embedding_map {

/// The nearest rows of each row, the nearest first.
struct NearRows {
  std::int64_t count = 0, each = 0;
  std::vector<std::int64_t> rows;  ///< [count * each]
  std::vector<double> distances;   ///< The same; not squared.

  std::span<const std::int64_t> rows_of(std::int64_t row) const { return part(rows, row); }
  std::span<const double> distances_of(std::int64_t row) const { return part(distances, row); }

 private:
  template <typename T>
  std::span<const T> part(const std::vector<T>& all, std::int64_t row) const {
    return {all.data() + row * each, static_cast<std::size_t>(each)};
  }
};

/// The `each` nearest other rows of every row by Euclidean distance, as float64 arithmetic has them; equal ones by row.
/// rows [N, D] double as of checked_rows, 0 <= each < N. Products of tiles, of rows rounded to integers or in single
/// precision, only screen: candidates are ordered by distances in double, and where the error of a product leaves open
/// whether one is missing, the row is screened again in double, and at last compared with every other. Where few of all
/// rows are wanted, tiles serve their rows and their columns, so that half of the products suffice. Memory: copies of
/// the rows, 16 bytes for each that is wanted (256 MiB at most), and a tile of up to 64 MiB a thread. The same bits for
/// any number of threads.
NearRows near_rows(const torch::Tensor& rows, std::int64_t each);

}  // namespace oodml::embedding_map
