#include "tests/core/criteria/steps.h"

#include "core/catalogue/catalogue.h"
#include "core/distances/pairwise.h"
#include "tests/core/miners/default_miner.h"

namespace oodml::testing {
namespace {

constexpr std::int64_t kMapSide = 2;

ComponentChoice miner_or_none(const std::string& name) {
  return name == "none" ? ComponentChoice{.name = "none"} : miner_choice(name);
}

}  // namespace

StepInputs step_inputs(const torch::Tensor& rows, const torch::Tensor& labels, std::uint64_t seed, StepSizes sizes) {
  const auto b = rows.size(0), d = rows.size(1);
  auto generator = seeded(seed);
  const auto draw = [&](at::IntArrayRef shape) { return at::randn(shape, generator, rows.options()); };
  StepInputs inputs;
  const auto leaf = [&](const torch::Tensor& values) {
    inputs.leaves.push_back(values.detach().clone().requires_grad_());
    return inputs.leaves.back();
  };
  auto& batch = inputs.batch;
  batch.embeddings = leaf(rows);
  batch.labels = labels;
  batch.features = leaf(draw({b, sizes.feature_dim, kMapSide, kMapSide}).relu());
  batch.avg_features = batch.features.mean({2, 3});
  for (const char* head : {"discriminative", "shared", "selfsimilarity", "intra"}) batch.heads[head] = leaf(rows);
  batch.keys = distances::unit_rows(draw({b, d}));
  batch.queue = distances::unit_rows(draw({sizes.queue, d}));
  batch.rotation = at::arange(b, labels.options()).remainder(4);
  return inputs;
}

std::vector<std::string> allowed_miners(const ComponentChoice& criterion) {
  std::vector<std::string> allowed;
  for (const std::string& miner : miners::miner_names()) {
    if (catalogue::check_pairing(criterion, miner).ok()) allowed.push_back(miner);
  }
  if (catalogue::check_pairing(criterion, "none").ok()) allowed.push_back("none");
  return allowed;
}

Objective::Objective(const ComponentChoice& criterion, const std::string& miner, const torch::Tensor& rows,
                     std::int64_t n_classes, bool compat_paper, StepSizes sizes)
    : criterion_(criteria::make_criterion(criterion, {.embed_dim = rows.size(1),
                                                      .feature_dim = sizes.feature_dim,
                                                      .n_classes = n_classes,
                                                      .lr = 1e-5,
                                                      .arch = "resnet50_frozen_normalize",
                                                      .miner = miner_or_none(miner),
                                                      .compat_paper = compat_paper,
                                                      .generator = seeded(7)})
                     .value()),
      miner_(miner == "none" ? nullptr : make_miner(miner_choice(miner), compat_paper)),
      miner_generator_(seeded(0)),
      criterion_generator_(seeded(0)) {
  criterion_->to(rows.scalar_type());
}

std::optional<miners::Tuples> Objective::mine(const criteria::BatchOutput& batch, std::uint64_t seed) {
  if (!miner_) return std::nullopt;
  miner_generator_.set_current_seed(seed);
  return miner_->mine(batch.embeddings.detach(), batch.labels, miner_generator_);
}

torch::Tensor Objective::loss(criteria::BatchOutput batch, std::uint64_t seed) {
  criterion_generator_.set_current_seed(seed + 1);
  batch.generator = criterion_generator_;
  return criterion_->forward(batch, mine(batch, seed));
}

}  // namespace oodml::testing
