#include <torch/csrc/autograd/autograd.h>

#include "core/criteria/distillation/s2sd.h"
#include "tests/golden/criterion_case.h"
#include "tests/golden/replay_criteria.h"

namespace oodml::golden {
namespace {

/// The parameters of a case say in words what they leave out.
void check_words(const Case& golden) {
  const auto words = golden.params.find("sub_criteria");
  if (words != golden.params.end() && *words != "defaults otherwise") {
    throw CaseError("sub_criteria is " + words->dump());
  }
}

}  // namespace

/// The given tuples serve the source and every target; `iteration` is how often the criterion was called before.
void replay_s2sd(const Case& golden, bool compat_paper, Comparison& comparison) {
  check_words(golden);
  const auto choice = criterion_choice(golden, {"iteration", "sub_criteria"});
  const std::string read = choice.params.flag("pool_aggr") ? "features" : "avg_features";
  const auto embeddings = leaf(golden, "embeddings"), features = leaf(golden, read);
  auto context = context_of(golden, compat_paper);
  context.feature_dim = features.size(1);
  context.miner = {.name = "distance", .params = {{"lower_cutoff", 0.5}, {"upper_cutoff", 1.4}}};
  const auto criterion = criterion_of(choice, context, golden);
  criterion->named_buffers()["iteration"].fill_(golden.params.value("iteration", std::int64_t{0}));

  criteria::BatchOutput batch{.embeddings = embeddings, .labels = golden.at("in.labels")};
  (read == "features" ? batch.features : batch.avg_features) = features;
  const auto loss = dynamic_cast<criteria::S2sd&>(*criterion).loss(batch, tuples_of(golden));
  comparison.check("out.loss", loss);
  loss.backward();
  check_gradient("embeddings", embeddings, golden, comparison);
  check_gradient(read, features, golden, comparison);
  check_gradients(*criterion, golden, comparison);
}

}  // namespace oodml::golden
