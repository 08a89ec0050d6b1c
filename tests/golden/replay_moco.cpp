#include <torch/csrc/autograd/autograd.h>

#include "tests/golden/criterion_case.h"
#include "tests/golden/replay_criteria.h"

namespace oodml::golden {

/// moco and fast_moco: keys are a leaf of the graph, too.
void replay_moco(const Case& golden, bool compat_paper, Comparison& comparison) {
  const auto criterion = criterion_of(criterion_choice(golden), context_of(golden, compat_paper), golden);
  const auto embeddings = leaf(golden, "embeddings"), keys = leaf(golden, "keys");
  const auto loss =
      criterion->forward({.embeddings = embeddings, .keys = keys, .queue = golden.at("in.queue")}, std::nullopt);
  comparison.check("out.loss", loss);
  loss.backward();
  check_gradient("embeddings", embeddings, golden, comparison);
  check_gradient("keys", keys, golden, comparison);
  check_gradients(*criterion, golden, comparison);
}

}  // namespace oodml::golden
