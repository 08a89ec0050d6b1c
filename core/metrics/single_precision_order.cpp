#include "core/metrics/neighbour_order.h"

namespace oodml::metrics {
namespace {

std::span<const float> floats_of(const torch::Tensor& values) {
  return {values.const_data_ptr<float>(), static_cast<std::size_t>(values.numel())};
}

/// The norms that keys are made with.
struct Norms {
  torch::Tensor squared, inverse;  ///< inverse is undefined where no cosine is asked for.

  static Norms of(const LabelledSet& set, const NeighbourOptions& options) {
    return {set.squared_norms(), options.cosine ? set.inverse_norms() : torch::Tensor()};
  }
};

class SinglePrecisionOrder final : public NeighbourOrder {
 public:
  explicit SinglePrecisionOrder(const NeighbourSearch& search)
      : queries_(search.queries().embeddings()),
        rows_(search.rows().embeddings()),
        of_queries_(Norms::of(search.queries(), search.options())),
        of_rows_(search.leaves_query_out() ? of_queries_ : Norms::of(search.rows(), search.options())) {}

  const torch::Tensor& queries() const override { return queries_; }
  const torch::Tensor& rows() const override { return rows_; }

  void make_keys(std::int64_t query, Space space, std::span<const float> products, std::span<Key> keys) const override {
    if (space == Space::kEuclidean) {
      euclidean_keys(products, floats_of(of_rows_.squared), floats_of(of_queries_.squared)[query], keys);
    } else {
      cosine_keys(products, floats_of(of_rows_.inverse), floats_of(of_queries_.inverse)[query], keys);
    }
  }

  RowOrder order(std::int64_t, Space) const override { return {}; }

 private:
  const torch::Tensor queries_, rows_;
  const Norms of_queries_, of_rows_;
};

}  // namespace

std::unique_ptr<NeighbourOrder> single_precision_order(const NeighbourSearch& search) {
  return std::make_unique<SinglePrecisionOrder>(search);
}

}  // namespace oodml::metrics
