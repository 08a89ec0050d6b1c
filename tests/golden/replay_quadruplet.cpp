#include <torch/csrc/autograd/autograd.h>

#include "core/criteria/tuples/quadruplet.h"
#include "tests/golden/criterion_case.h"
#include "tests/golden/replay_criteria.h"

namespace oodml::golden {

/// The fourth samples are given, -1 for none, in place of the criterion's own draw.
void replay_quadruplet(const Case& golden, bool compat_paper, Comparison& comparison) {
  const auto criterion = criterion_of(criterion_choice(golden), context_of(golden, compat_paper), golden);
  const auto& quadruplet = dynamic_cast<const criteria::Quadruplet&>(*criterion);
  const auto tuples = tuples_of(golden);
  if (!tuples) throw CaseError("no triplets");
  const auto embeddings = leaf(golden, "embeddings");
  const auto loss = quadruplet.loss(embeddings, *tuples, golden.at("in.fourth"));
  comparison.check("out.loss", loss);
  loss.backward();
  check_gradient("embeddings", embeddings, golden, comparison);
}

}  // namespace oodml::golden
