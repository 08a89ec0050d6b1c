#include <algorithm>
#include <cmath>
#include <optional>

#include "core/metrics/centred_rows.h"
#include "core/metrics/neighbour_order.h"
#include "core/products/packed_rows.h"

namespace oodml::metrics {
namespace {

constexpr double kKeyRoundoff = 0x1p-24;  // of single precision
constexpr double kSafety = 1.1;           // for terms of second order
constexpr double kLeastSpread = 0.125;    // of rows that lie farther off, normalised ones tell more

/// The rows of a search as a space has them: of one set, or of queries and their gallery.
struct Sides {
  Sides(const NeighbourSearch& search, Space space) : rows(search.rows(), space) {
    if (!search.leaves_query_out()) own_queries.emplace(search.queries(), space);
  }
  const SpaceRows& queries() const { return own_queries ? *own_queries : rows; }

  SpaceRows rows;
  std::optional<SpaceRows> own_queries;
};

/// Both sides moved by the mean of the rows.
struct CentredSides {
  explicit CentredSides(const Sides& sides) : centring(Centring::of(sides.rows, rows)) {
    if (sides.own_queries) own_queries = CentredRows::of(*sides.own_queries, centring.centre, centring.scale);
  }
  const CentredRows& queries() const { return own_queries ? *own_queries : rows; }

  CentredRows rows;
  Centring centring;
  std::optional<CentredRows> own_queries;
};

/// Squared norms of centred rows as keys want them. Zero rows have no direction: their cosines are 0, so that they are
/// as far from every unit row as one at a right angle.
std::vector<float> squared_norms(const CentredRows& centred, const SpaceRows& rows, double scale) {
  std::vector<float> squares(centred.norms.size());
  for (std::size_t row = 0; row < squares.size(); ++row) {
    const bool is_zero = rows.factor(static_cast<std::int64_t>(row)) == 0.0;
    squares[row] = static_cast<float>(centred.norms[row] * centred.norms[row] + (is_zero ? scale * scale : 0.0));
  }
  return squares;
}

/// Twice the squared distance of normalised rows is what cosines order by; of zero rows, what a right angle gives.
double exact_distance(const SpaceRows& queries, std::int64_t query, const SpaceRows& rows, std::int64_t row) {
  if (queries.factor(query) == 0.0) return 0.0;  // all are equally near
  if (rows.factor(row) == 0.0) return 2.0;
  return queries.squared_distance(query, rows, row);
}

class DoubleOrder : public ScreeningOrder {
 public:
  DoubleOrder(const NeighbourSearch& search, Space space)
      : sides_(search, space),
        centred_(sides_),
        row_squares_(squared_norms(centred_.rows, sides_.rows, centred_.centring.scale)),
        query_squares_(squared_norms(centred_.queries(), sides_.queries(), centred_.centring.scale)) {}

  const torch::Tensor& queries() const override { return centred_.queries().rows; }
  const torch::Tensor& rows() const override { return centred_.rows.rows; }

  void make_keys(std::int64_t query, Space, std::span<const float> products, std::span<Key> keys) const override {
    if (sides_.queries().factor(query) == 0.0) {
      std::ranges::fill(keys, 0);
      return;
    }
    euclidean_keys(products, row_squares_, query_squares_[query], keys);
  }

  products::KeyParts key_parts(Space) const override { return {.squares = row_squares_.data()}; }

  float key_error(std::int64_t query, Space, std::int64_t roundings, double product_error) const override {
    const double reach = centred_.queries().norms[query] + centred_.rows.longest;
    const double of_zero_rows = sides_.rows.has_zero_rows() ? centred_.centring.scale * centred_.centring.scale : 0.0;
    const double error = screening_error_of_roundings(roundings) * (reach * reach + of_zero_rows);
    return static_cast<float>(kSafety * (error + 2.0 * product_error));
  }

  RowOrder order(std::int64_t query, Space) const override {
    if (sides_.queries().factor(query) == 0.0) return {};
    return {.margin = {2.0f * key_error(query, Space::kEuclidean, products::roundings(sides_.rows.dim()), 0.0)},
            .exactly = [this, query](std::int64_t row) {
              return exact_distance(sides_.queries(), query, sides_.rows, row);
            }};
  }

 protected:
  const Sides sides_;
  const CentredSides centred_;

 private:
  const std::vector<float> row_squares_, query_squares_;
};

/// What turns products of centred rows back into cosines of the rows, all in the units of the centred ones: x.y is the
/// product + offset_x + offset_y.
struct CosineParts {
  std::vector<float> offsets, inverse_norms;
  double largest_offset = 0.0, largest_inverse = 0.0;  ///< Of rows that are not zero.

  CosineParts(const SpaceRows& units, const CentredRows& centred, double scale) {
    for (std::int64_t row = 0; row < units.size(); ++row) {
      const double inverse = units.factor(row) / scale, moved = centred.norms[row];
      const double norm = inverse > 0.0 ? 1.0 / inverse : 0.0;
      const double offset = (norm * norm - moved * moved) / 2.0;
      offsets.push_back(static_cast<float>(offset));
      inverse_norms.push_back(static_cast<float>(inverse));
      if (inverse == 0.0) continue;
      largest_offset = std::max(largest_offset, std::abs(offset));
      largest_inverse = std::max(largest_inverse, inverse);
    }
  }
};

/// Both spaces from the products of the Euclidean one.
class DoubleOrderOfBoth final : public DoubleOrder {
 public:
  explicit DoubleOrderOfBoth(const NeighbourSearch& search)
      : DoubleOrder(search, Space::kEuclidean),
        units_(search, Space::kCosine),
        of_rows_(units_.rows, centred_.rows, centred_.centring.scale),
        of_queries_(units_.queries(), centred_.queries(), centred_.centring.scale) {}

  /// Whether a cosine is about as certain from these products as from products of normalised rows.
  bool screens_cosines() const {
    const double spread = centred_.rows.longest * of_rows_.largest_inverse;
    const double of_product = static_cast<double>(products::roundings(sides_.rows.dim())) * spread * spread;
    return of_rows_.largest_inverse > 0.0 && of_queries_.largest_inverse > 0.0 && spread > kLeastSpread &&
           spread < 8.0 &&
           error_of(of_queries_.largest_inverse, centred_.queries().longest, of_queries_.largest_offset,
                    products::roundings(sides_.rows.dim()),
                    0.0) < 2.0 * kKeyRoundoff * of_product + 64.0 * kKeyRoundoff;
  }

  void make_keys(std::int64_t query, Space space, std::span<const float> products, std::span<Key> keys) const override {
    if (space == Space::kEuclidean) return DoubleOrder::make_keys(query, space, products, keys);
    moved_cosine_keys(products,
                      {.offsets = of_rows_.offsets,
                       .inverse_norms = of_rows_.inverse_norms,
                       .offset = of_queries_.offsets[query],
                       .inverse_norm = of_queries_.inverse_norms[query]},
                      keys);
  }

  products::KeyParts key_parts(Space space) const override {
    if (space == Space::kEuclidean) return DoubleOrder::key_parts(space);
    return {.form = products::KeyForm::kCosine,
            .offsets = of_rows_.offsets.data(),
            .inverse_norms = of_rows_.inverse_norms.data()};
  }

  float key_error(std::int64_t query, Space space, std::int64_t roundings, double product_error) const override {
    if (space == Space::kEuclidean) return DoubleOrder::key_error(query, space, roundings, product_error);
    const double inverse = units_.queries().factor(query) / centred_.centring.scale;
    return static_cast<float>(kSafety * error_of(inverse, centred_.queries().norms[query],
                                                 std::abs(of_queries_.offsets[query]), roundings, product_error));
  }

  RowOrder order(std::int64_t query, Space space) const override {
    if (space == Space::kEuclidean) return DoubleOrder::order(query, space);
    if (units_.queries().factor(query) == 0.0) return {};
    return {.margin = {2.0f * key_error(query, space, products::roundings(sides_.rows.dim()), 0.0)},
            .exactly = [this, query](std::int64_t row) {
              return exact_distance(units_.queries(), query, units_.rows, row);
            }};
  }

 private:
  /// Of a cosine: rounding of the product and of its factors, of the offsets, and of what is made of them.
  double error_of(double inverse, double moved_norm, double offset, std::int64_t roundings,
                  double product_error) const {
    const double product = moved_norm * centred_.rows.longest;
    const double of_products = (static_cast<double>(roundings) + 4.0) * product;
    const double of_offsets = 4.0 * (offset + of_rows_.largest_offset);
    const double of_factors = inverse * of_rows_.largest_inverse;
    return kSafety * (kKeyRoundoff * (of_factors * (of_products + of_offsets) + 8.0) + of_factors * product_error);
  }

  const Sides units_;
  const CosineParts of_rows_, of_queries_;
};

}  // namespace

std::unique_ptr<ScreeningOrder> double_order(const NeighbourSearch& search, Space space) {
  return std::make_unique<DoubleOrder>(search, space);
}

std::unique_ptr<ScreeningOrder> double_order_of_both(const NeighbourSearch& search) {
  auto both = std::make_unique<DoubleOrderOfBoth>(search);
  if (!both->screens_cosines()) return nullptr;
  return both;
}

}  // namespace oodml::metrics
