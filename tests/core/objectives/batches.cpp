#include "tests/core/objectives/batches.h"

#include <ATen/CPUGeneratorImpl.h>

#include <vector>

#include "core/catalogue/catalogue.h"
#include "core/distances/pairwise.h"
#include "core/miners/candidates.h"

namespace oodml::testing {
namespace {

ComponentChoice choice(catalogue::Kind kind, const std::string& name,
                       std::initializer_list<std::pair<const std::string, Value>> changes) {
  ComponentChoice choice{.name = name};
  for (const auto& parameter : catalogue::find(kind, name)->parameters) {
    choice.params.set(parameter.name, parameter.fallback);
  }
  for (const auto& [key, value] : changes) choice.params.set(key, value);
  return choice;
}

}  // namespace

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

at::Generator seeded(std::uint64_t seed) { return at::make_generator<at::CPUGeneratorImpl>(seed); }

torch::Tensor labels_of(std::initializer_list<std::int64_t> values) {
  return at::tensor(std::vector<std::int64_t>(values), at::kLong);
}

miners::Tuples with_sets(miners::Tuples triplets, const torch::Tensor& labels) {
  triplets.positive_set = miners::same_class(labels).index_select(0, triplets.anchor);
  triplets.negative_set = miners::other_class(labels).index_select(0, triplets.anchor);
  return triplets;
}

torch::Tensor random_unit_rows(std::int64_t rows, std::int64_t dim, std::uint64_t seed, at::ScalarType type) {
  return distances::unit_rows(at::randn({rows, dim}, seeded(seed), at::TensorOptions(at::kDouble))).to(type);
}

ComponentChoice criterion_choice(const std::string& name,
                                 std::initializer_list<std::pair<const std::string, Value>> changes) {
  return choice(catalogue::Kind::kCriterion, name, changes);
}

ComponentChoice miner_choice(const std::string& name,
                             std::initializer_list<std::pair<const std::string, Value>> changes) {
  return choice(catalogue::Kind::kMiner, name, changes);
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

std::unique_ptr<miners::Miner> make_miner(const ComponentChoice& choice, bool compat_paper) {
  return miners::make_miner(choice, compat_paper).value();
}

}  // namespace oodml::testing
