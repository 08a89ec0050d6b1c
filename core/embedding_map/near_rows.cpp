#include "core/embedding_map/near_rows.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <memory>
#include <numeric>
#include <optional>
#include <utility>

#include "core/embedding_map/fixed_parts.h"
#include "core/embedding_map/near_candidates.h"
#include "core/metrics/block_pairs.h"
#include "core/metrics/double_rows.h"

namespace oodml::embedding_map {
namespace {

constexpr std::int64_t kSpare = 16;             // candidates beyond those that are asked for
constexpr std::int64_t kTileNumbers = 1 << 24;  // products of a tile
constexpr std::int64_t kMostCandidates = 1 << 24;
constexpr std::int64_t kMostOpenOf = 20;  // of so many rows, one may be left open by integers
constexpr std::size_t kFetchAhead = 2;

/// Rows in one precision, moved to their mean, and how far their products may be off.
struct Screen {
  torch::Tensor rows, squares;  ///< [N, D], [N]; before they were moved, their largest element was 1.
  double unit = 1.0;            ///< What they are multiples of.
  double error = 0.0;           ///< Of |x|^2 + |y|^2 - 2 x.y, at most.

  Screen(const torch::Tensor& wide, at::ScalarType precision) : unit(wide.abs().max().item<double>()) {
    if (unit == 0.0) unit = 1.0;
    auto moved = wide / unit;
    moved.sub_(moved.mean(0));
    const auto norms = moved.square().sum(1);
    const double rounding = precision == at::kFloat ? 0x1p-24 : 0x1p-53, largest = norms.max().item<double>();
    const double by_moving = 0x1p-52 * std::sqrt(static_cast<double>(wide.size(1)));  // of a row
    error = 4 * rounding * static_cast<double>(wide.size(1) + 4) * largest +
            8 * by_moving * (std::sqrt(largest) + by_moving);
    rows = moved.to(precision);
    squares = norms.to(precision);
  }
};

enum class ProductKind { kOfIntegers, kSinglePrecision };

/// Candidates among all rows, by tiles of products of the set with itself that serve their rows and their columns.
class SymmetricScreen {
 public:
  SymmetricScreen(const Screen& screen, std::int64_t wanted, ProductKind kind)
      : count_(screen.rows.size(0)),
        squares_(static_cast<std::size_t>(count_ + products::kSpareEntries), 0.0f),
        error_(screen.error),
        pairs_(count_),
        candidates_(count_, wanted) {
    std::copy_n(screen.squares.const_data_ptr<float>(), count_, squares_.begin());
    pack(screen.rows.const_data_ptr<float>(), screen.rows.size(1), kind);
    std::vector<std::unique_ptr<Worker>> workers(static_cast<std::size_t>(pairs_.workers()));
    pairs_.for_each({}, [&](std::int64_t worker, std::int64_t a, std::int64_t b) {
      auto& own = workers[static_cast<std::size_t>(worker)];
      if (!own) own = std::make_unique<Worker>(count_);
      search_tile(*own, a, b);
    });
  }

  /// Of a key, at most.
  double error() const { return error_; }
  NearCandidates& candidates() { return candidates_; }

 private:
  struct Worker {
    explicit Worker(std::int64_t count) : limits(static_cast<std::size_t>(count + products::kSpareEntries)) {}

    products::NearTile tile;
    std::vector<float> limits;  ///< Of the rows of the tile, as they were when it was begun.
  };

  void pack(const float* rows, std::int64_t dim, ProductKind kind) {
    if (kind == ProductKind::kSinglePrecision) {
      packed_.emplace(count_, dim);
      return metrics::for_panels(count_,
                                 [&](std::int64_t first, std::int64_t last) { packed_->pack(rows, first, last); });
    }
    integers_.emplace(count_, dim);
    metrics::for_panels(count_, [&](std::int64_t first, std::int64_t last) {
      integers_->pack(rows + first * dim, first, last - first);
    });
    const std::vector<float> errors = integers_->product_errors();
    if (!std::ranges::all_of(errors, [](float error) { return std::isfinite(error); })) {
      integers_.reset();
      return pack(rows, dim, ProductKind::kSinglePrecision);
    }
    error_ += 2.0 * static_cast<double>(*std::ranges::max_element(errors));
  }

  void search_tile(Worker& worker, std::int64_t a, std::int64_t b) {
    products::NearTile& tile = worker.tile;
    if (integers_) {
      tile.multiply(*integers_, pairs_.block(a), pairs_.block(b));
    } else {
      tile.multiply(*packed_, pairs_.block(a), pairs_.block(b));
    }
    if (a == b) {
      for (std::int64_t row = pairs_.block(a).first; row < pairs_.block(a).last; ++row) {
        tile.take_out({row, row + 1}, {row, row + 1});
      }
    }
    for (const std::int64_t block : {a, b}) {
      const std::scoped_lock lock(pairs_.guard(block));
      for (std::int64_t row = pairs_.block(block).first; row < pairs_.block(block).last; ++row) {
        worker.limits[static_cast<std::size_t>(row)] = candidates_.limit(row);
      }
    }
    tile.find({.squares = squares_.data(), .steps = integers_ ? integers_->steps().data() : nullptr},
              worker.limits.data());
    add(a, [&](std::int64_t row) { return tile.near_row(row); });
    if (a != b) add(b, [&](std::int64_t row) { return tile.near_column(row); });
  }

  template <typename NearOf>
  void add(std::int64_t block, NearOf near_of) {
    const std::scoped_lock lock(pairs_.guard(block));
    for (std::int64_t row = pairs_.block(block).first; row < pairs_.block(block).last; ++row) {
      candidates_.add(row, near_of(row));
    }
  }

  std::int64_t count_;
  std::vector<float> squares_;
  double error_;
  std::optional<products::IntegerRows> integers_;  ///< Or these:
  std::optional<products::PackedRows> packed_;
  metrics::BlockPairs pairs_;
  NearCandidates candidates_;
};

/// Of one query: squared distances and rows.
using Candidates = std::vector<std::pair<double, std::int64_t>>;

class Search {
 public:
  Search(const torch::Tensor& rows, NearRows& found)
      : rows_(rows), found_(found), wanted_(std::min(found.each + kSpare, found.count - 1)) {}

  /// Of the queries, by all distances, without any product.
  void compare(const std::vector<std::int64_t>& queries) {
    std::vector<std::int64_t> all(static_cast<std::size_t>(found_.count));
    std::iota(all.begin(), all.end(), std::int64_t{0});
    for_each_part(std::ssize(queries),
                  [&](std::int64_t part) { take(queries[static_cast<std::size_t>(part)], all, 0.0); });
  }

  /// Whether candidates of all rows at a time fit the memory, and are few of all rows.
  bool suits_tiles() const { return wanted_ < found_.count / 8 && wanted_ * found_.count <= kMostCandidates; }

  /// Of all rows, by integers, which are faster, unless they leave many open; gives those whose neighbours are not
  /// certain.
  std::vector<std::int64_t> screen_all() {
    const Screen screen(rows_, at::kFloat);
    std::vector<std::int64_t> open = screen_all_by(screen, ProductKind::kOfIntegers);
    if (std::ssize(open) > found_.count / kMostOpenOf) open = screen_all_by(screen, ProductKind::kSinglePrecision);
    return open;
  }

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
  std::vector<std::int64_t> screen_all_by(const Screen& screen, ProductKind kind) {
    SymmetricScreen symmetric(screen, wanted_, kind);
    std::vector<char> open(static_cast<std::size_t>(found_.count), 0);
    at::parallel_for(0, found_.count, 256, [&](std::int64_t first, std::int64_t last) {
      std::vector<std::int64_t> near;
      for (std::int64_t row = first; row < last; ++row) {
        const double key = symmetric.candidates().finish(row, near);
        open[static_cast<std::size_t>(row)] = !take(row, near, (key - symmetric.error()) * screen.unit * screen.unit);
      }
    });
    std::vector<std::int64_t> left;
    for (std::int64_t row = 0; row < found_.count; ++row) {
      if (open[static_cast<std::size_t>(row)] != 0) left.push_back(row);
    }
    return left;
  }

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
    Candidates candidates;
    candidates.reserve(near.size());
    for (std::size_t i = 0; i < near.size(); ++i) {
      if (i + kFetchAhead < near.size()) fetch(near[i + kFetchAhead]);
      if (near[i] != query) candidates.emplace_back(squared_distance(query, near[i]), near[i]);
    }
    std::ranges::partial_sort(candidates, candidates.begin() + found_.each);
    for (std::int64_t i = 0; i < found_.each; ++i) {
      const auto& [squared, row] = candidates[static_cast<std::size_t>(i)];
      found_.rows[static_cast<std::size_t>(query * found_.each + i)] = row;
      found_.distances[static_cast<std::size_t>(query * found_.each + i)] = std::sqrt(squared);
    }
    return candidates[static_cast<std::size_t>(found_.each - 1)].first < certain;
  }

  /// The start of a row that is wanted soon: candidates lie anywhere.
  void fetch(std::int64_t row) const {
    const std::int64_t dim = rows_.size(1);
    const double* const data = rows_.const_data_ptr<double>() + row * dim;
    for (std::int64_t d = 0; d < std::min<std::int64_t>(dim, 128); d += 8) __builtin_prefetch(data + d);
  }

  double squared_distance(std::int64_t a, std::int64_t b) const {
    const std::int64_t dim = rows_.size(1);
    const double* const data = rows_.const_data_ptr<double>();
    return metrics::squared_difference(data + a * dim, 1.0, data + b * dim, 1.0, dim);
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
  if (each == 0) return found;
  std::vector<std::int64_t> open(static_cast<std::size_t>(found.count));
  std::iota(open.begin(), open.end(), std::int64_t{0});
  Search search(rows, found);
  open = search.suits_tiles() ? search.screen_all() : search.screen(open, at::kFloat);
  if (!open.empty()) open = search.screen(open, at::kDouble);
  search.compare(open);
  return found;
}

}  // namespace oodml::embedding_map
