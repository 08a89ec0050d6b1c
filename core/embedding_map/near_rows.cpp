#include "core/embedding_map/near_rows.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <utility>

#include "core/embedding_map/fixed_parts.h"
#include "core/metrics/double_rows.h"

namespace oodml::embedding_map {
namespace {

constexpr std::int64_t kSpare = 16;             // candidates beyond those that are asked for
constexpr std::int64_t kTileNumbers = 1 << 24;  // products of a tile

/// Rows in one precision, and how far their products may be off.
struct Screen {
  torch::Tensor rows, squares;  ///< [N, D], [N], of rows whose largest element is 1.
  double unit = 1.0;            ///< What they are multiples of.
  double error = 0.0;           ///< Of |x|^2 + |y|^2 - 2 x.y, at most.

  Screen(const torch::Tensor& wide, at::ScalarType precision) : unit(wide.abs().max().item<double>()) {
    if (unit == 0.0) unit = 1.0;
    const auto scaled = wide / unit;
    const auto norms = scaled.square().sum(1);
    const double rounding = precision == at::kFloat ? 0x1p-24 : 0x1p-53;
    error = 4 * rounding * static_cast<double>(wide.size(1) + 4) * norms.max().item<double>();
    rows = scaled.to(precision);
    squares = norms.to(precision);
  }
};

/// Of one query: squared distances and rows.
using Candidates = std::vector<std::pair<double, std::int64_t>>;

class Search {
 public:
  Search(const torch::Tensor& rows, NearRows& found)
      : rows_(rows), found_(found), wanted_(std::min(found.each + kSpare, found.count - 1)) {}

  /// Of the queries; gives those whose neighbours are not certain.
  std::vector<std::int64_t> screen(const std::vector<std::int64_t>& queries, at::ScalarType precision) {
    const Screen screen(rows_, precision);
    const auto count = static_cast<std::int64_t>(queries.size());
    const std::int64_t tile = std::clamp<std::int64_t>(kTileNumbers / found_.count, 16, 256);
    std::vector<char> open(queries.size(), 0);
    for_each_part((count + tile - 1) / tile, [&](std::int64_t part) {
      const std::int64_t begin = part * tile, end = std::min(begin + tile, count);
      screen_tile(screen, queries, begin, end, open);
    });
    std::vector<std::int64_t> left;
    for (std::size_t i = 0; i < queries.size(); ++i) {
      if (open[i] != 0) left.push_back(queries[i]);
    }
    return left;
  }

 private:
  void screen_tile(const Screen& screen, const std::vector<std::int64_t>& queries, std::int64_t begin, std::int64_t end,
                   std::vector<char>& open) {
    const at::NoGradGuard no_grad;  // of this thread
    const auto numbers = at::tensor(at::ArrayRef(queries.data() + begin, queries.data() + end), at::kLong);
    auto squared =
        at::mm(screen.rows.index_select(0, numbers), screen.rows.t()).mul_(-2).add_(screen.squares);  // - |x|^2
    squared.scatter_(1, numbers.unsqueeze(1), std::numeric_limits<double>::infinity());               // not itself
    const auto [values, rows] = squared.topk(wanted_, 1, /*largest=*/false);                          // [tile, wanted]
    const auto last = (std::get<0>(values.max(1)) + screen.squares.index_select(0, numbers)).to(at::kDouble);
    const auto* const of_last = last.const_data_ptr<double>();
    for (std::int64_t query = begin; query < end; ++query) {
      const std::int64_t* const near = rows.const_data_ptr<std::int64_t>() + (query - begin) * wanted_;
      const double certain = (of_last[query - begin] - screen.error) * screen.unit * screen.unit;
      const bool all = wanted_ == found_.count - 1;
      open[static_cast<std::size_t>(query)] =
          take(queries[static_cast<std::size_t>(query)], {near, static_cast<std::size_t>(wanted_)}, certain) || all ? 0
                                                                                                                    : 1;
    }
  }

  /// Orders candidates; whether no other row can be nearer, all others being `certain` away at least.
  bool take(std::int64_t query, std::span<const std::int64_t> near, double certain) {
    const std::int64_t dim = rows_.size(1);
    const double* const data = rows_.const_data_ptr<double>();
    Candidates candidates;
    for (const std::int64_t row : near) {
      candidates.emplace_back(metrics::squared_difference(data + query * dim, 1.0, data + row * dim, 1.0, dim), row);
    }
    std::ranges::sort(candidates);
    for (std::int64_t i = 0; i < found_.each; ++i) {
      const auto& [squared, row] = candidates[static_cast<std::size_t>(i)];
      found_.rows[static_cast<std::size_t>(query * found_.each + i)] = row;
      found_.distances[static_cast<std::size_t>(query * found_.each + i)] = std::sqrt(squared);
    }
    return found_.each == 0 || candidates[static_cast<std::size_t>(found_.each - 1)].first < certain;
  }

  const torch::Tensor& rows_;
  NearRows& found_;
  const std::int64_t wanted_;
};

}  // namespace

NearRows near_rows(const torch::Tensor& rows, std::int64_t each) {
  NearRows found{.count = rows.size(0), .each = each};
  found.rows.resize(static_cast<std::size_t>(found.count * each));
  found.distances.resize(found.rows.size());
  std::vector<std::int64_t> queries(static_cast<std::size_t>(found.count));
  for (std::size_t i = 0; i < queries.size(); ++i) queries[i] = static_cast<std::int64_t>(i);
  if (each == 0) return found;
  Search search(rows, found);
  const auto open = search.screen(queries, at::kFloat);
  if (!open.empty()) search.screen(open, at::kDouble);
  return found;
}

}  // namespace oodml::embedding_map
