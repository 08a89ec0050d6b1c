#include "core/metrics/screened_rows.h"

#include <ATen/Parallel.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <utility>

#include "core/metrics/centred_rows.h"
#include "core/products/wide.h"

// Compiled with -O3, as nearest_column.cpp is.
//
// x = s q + r for integers q, a step s and what rounding took, r; likewise y. So x.y is s_x s_y q_x.q_y within
// |r_x||y| + |s_x q_x||r_y|, and the squared distance |x|^2 + |y|^2 - 2 x.y within twice that, and what single
// precision loses of these few terms.

namespace oodml::metrics {
namespace {

constexpr std::int64_t kLanes = 8;
constexpr float kInfinity = std::numeric_limits<float>::infinity();
constexpr float kUp = 1.0f + 0x1p-20f;  // no rounding on the way to single precision may leave a column out
constexpr float kSmallest = 0x1p-60f;   // what may vanish in a square of single precision

std::size_t whole_panels(std::int64_t size) {
  return static_cast<std::size_t>((size + products::kPanelRows - 1) / products::kPanelRows * products::kPanelRows);
}

/// The columns of one call.
struct Columns {
  const float *squares, *norms, *steps, *errors;
  std::int64_t count;  // a multiple of kLanes
};

struct Row {
  float square, norm, step, error;
};

/// Compilers make nothing of the two smallest in a loop of single numbers, so vectors are written out.
Screened screen_columns(Row x, Columns y, float rounding, const std::int32_t* products, float* least) {
  using Floats [[gnu::vector_size(32), gnu::aligned(4), gnu::may_alias]] = float;
  using Integers [[gnu::vector_size(32), gnu::aligned(4), gnu::may_alias]] = std::int32_t;
  using Half [[gnu::vector_size(16)]] = float;
  const auto at = [](const float* values) { return reinterpret_cast<const Floats*>(values); };
  Floats most = Floats{} + kInfinity, first = most, second = most;
  const float twice_step = 2.0f * x.step, error = 2.0f * x.error, reach = 2.0f * (x.norm + x.error);
  for (std::int64_t j = 0; j < y.count; j += kLanes) {
    const Floats product = __builtin_convertvector(*reinterpret_cast<const Integers*>(products + j), Floats);
    const Floats norms = *at(y.norms + j), both = norms + x.norm;
    const Floats distance = (*at(y.squares + j) + x.square) - (product * twice_step) * *at(y.steps + j);
    const Floats off = both * both * rounding + norms * error + *at(y.errors + j) * reach;
    const Floats low = distance - off, high = distance + off;
    *reinterpret_cast<Floats*>(least + j) = low;
    most = high < most ? high : most;
    const Floats larger = low > first ? low : first;
    second = larger < second ? larger : second;
    first = low < first ? low : first;
  }
  const auto lower = [](Floats all) { return __builtin_shufflevector(all, all, 0, 1, 2, 3); };
  const auto upper = [](Floats all) { return __builtin_shufflevector(all, all, 4, 5, 6, 7); };
  const Half a = lower(first), b = upper(first), larger = a > b ? a : b, smaller = a < b ? a : b;
  Screened found{kInfinity, kInfinity, kInfinity};
  for (int l = 0; l < 4; ++l) {
    found.most = std::min({found.most, most[l], most[l + 4]});
    found.second = std::min({found.second, second[l], second[l + 4], larger[l], std::max(found.least, smaller[l])});
    found.least = std::min(found.least, smaller[l]);
  }
  return found;
}

bool any_up_to(const float* values, float last, std::int64_t count) {
  std::int32_t found = 0;
  for (std::int64_t j = 0; j < count; ++j) found |= values[j] <= last;
  return found != 0;
}

}  // namespace

ScreenedRows::ScreenedRows(products::IntegerRows integers)
    : integers_(std::move(integers)),
      squares_(whole_panels(integers_.size()), kInfinity),
      norms_(squares_.size(), kSmallest) {}

ScreenedRows::ScreenedRows(std::int64_t size, std::int64_t dim, const Move& move)
    : ScreenedRows(products::IntegerRows(size, dim)) {
  constexpr std::int64_t kRows = products::kPanelRows;
  std::vector<double> longest(squares_.size() / kRows, 0.0);
  at::parallel_for(0, std::ssize(longest), /*grain_size=*/1, [&](std::int64_t begin, std::int64_t end) {
    std::vector<float> moved(static_cast<std::size_t>(kRows * dim));
    for (std::int64_t panel = begin; panel < end; ++panel) {
      const std::int64_t first = panel * kRows, count = std::min(kRows, size - first);
      for (std::int64_t i = 0; i < count; ++i) {
        const double square = move(first + i, moved.data() + i * dim);
        squares_[first + i] = static_cast<float>(square);
        norms_[first + i] = static_cast<float>(std::sqrt(square)) * kUp + kSmallest;
        longest[panel] = std::max(longest[panel], std::sqrt(square));
      }
      integers_.pack(moved.data(), first, count);
      for (std::int64_t row = first; row < first + count; ++row) {
        if (std::isfinite(integers_.errors()[row])) continue;
        squares_[row] = 0.0f;  // anything is possible: from - infinity to infinity
        norms_[row] = kSmallest;
      }
    }
  });
  longest_ = *std::ranges::max_element(longest);
}

ScreenedRows ScreenedRows::chosen(const ScreenedRows& from, std::span<const std::int64_t> ids) {
  ScreenedRows some(products::IntegerRows::chosen(from.integers_, ids));
  for (std::size_t i = 0; i < ids.size(); ++i) {
    some.squares_[i] = from.squares_[ids[i]];
    some.norms_[i] = from.norms_[ids[i]];
  }
  some.longest_ = from.longest_;
  return some;
}

Screened screen(const ScreenedRows& rows, std::int64_t row, const ScreenedRows& all, products::RowRange columns,
                const std::int32_t* products, float* least) {
  const Row x{rows.squares()[row], rows.norms()[row], rows.integers().steps()[row], rows.integers().errors()[row]};
  const std::int64_t first = columns.first;
  const Columns y{all.squares().data() + first, all.norms().data() + first, all.integers().steps().data() + first,
                  all.integers().errors().data() + first, (columns.size() + kLanes - 1) / kLanes * kLanes};
  return products::wide<screen_columns>(x, y, static_cast<float>(screening_error(0)), products, least);
}

void append_up_to(std::span<const float> least, float last, std::int64_t base, std::vector<Candidate>& candidates) {
  constexpr std::size_t kBlock = 48;
  for (std::size_t begin = 0; begin < least.size(); begin += kBlock) {
    const auto block = least.subspan(begin, std::min(kBlock, least.size() - begin));
    if (!products::wide<any_up_to>(static_cast<const float*>(block.data()), last,
                                   static_cast<std::int64_t>(std::ssize(block))))
      continue;
    for (std::size_t j = 0; j < block.size(); ++j) {
      if (block[j] <= last) candidates.push_back({base + static_cast<std::int64_t>(begin + j), block[j]});
    }
  }
}

}  // namespace oodml::metrics
