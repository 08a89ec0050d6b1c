#include "tests/core/criteria/check_vectors.h"

#include <vector>

#include "core/distances/pairwise.h"
#include "core/miners/candidates.h"

namespace oodml::testing {

CheckVectors check_vectors(at::ScalarType type) {
  const auto x =
      at::tensor(std::vector<double>{1, 2, 0, 1, 2, 1, 1, 0, 0, 1, 2, 1, 1, 1, 1, 2, 2, 0, 1, 2, 1, -1, 0, 2},
                 at::kDouble)
          .view({6, 4})
          .to(type);
  const auto proxies = at::tensor(std::vector<double>{1, 1, 0, 0, 0, 1, 1, 1, 1, 0, 0, 2}, at::kDouble).view({3, 4});
  return {
      .x = x,
      .z = distances::unit_rows(x),
      .labels = labels_of({0, 0, 1, 1, 2, 2}),
      .proxies = proxies.to(type),
      .triplets = {labels_of({0, 1, 2, 3, 4, 5}), labels_of({1, 0, 3, 2, 5, 4}), labels_of({2, 3, 4, 0, 1, 3}), {}}};
}

miners::Tuples with_sets(miners::Tuples triplets, const torch::Tensor& labels) {
  triplets.positive_set = miners::same_class(labels).index_select(0, triplets.anchor);
  triplets.negative_set = miners::other_class(labels).index_select(0, triplets.anchor);
  return triplets;
}

std::shared_ptr<criteria::Criterion> make(const ComponentChoice& choice, std::int64_t n_classes, std::int64_t dim,
                                          bool compat_paper) {
  return criteria::make_criterion(choice, {.embed_dim = dim,
                                           .n_classes = n_classes,
                                           .lr = 1e-5,
                                           .compat_paper = compat_paper,
                                           .generator = seeded(7)})
      .value();
}

}  // namespace oodml::testing
