#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "core/criteria/criterion.h"

namespace oodml::criteria {

/// A criterion inside of another (s2sd, diva), with a miner of its own where it reads tuples.
struct InnerCriterion {
  std::string name;
  std::shared_ptr<Criterion> criterion;
  std::shared_ptr<miners::Miner> miner;  ///< null for a criterion that reads no tuples

  /// The loss of the batch's embeddings, on `given` tuples or else on those that the miner finds in the same
  /// embeddings, drawn from batch.generator.
  torch::Tensor loss(const BatchOutput& batch, const std::optional<miners::Tuples>& given = std::nullopt) const;
};

/// The criterion `name` with those of `params` that begin with its name: margin_beta is beta of margin.
/// kInvalidArgument when it needs a miner and context.miner is none, and as make_criterion and make_miner.
Result<InnerCriterion> make_inner_criterion(const std::string& name, const Params& params,
                                            const CriterionContext& context);

/// The miners of those that have one, in order.
std::vector<const miners::Miner*> miners_of(const std::vector<const InnerCriterion*>& inside);

/// Whether a criterion reads tuples, as the catalogue says.
bool reads_tuples(const std::string& criterion);

}  // namespace oodml::criteria
