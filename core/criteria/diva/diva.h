#pragma once

#include <memory>
#include <string>

#include "core/criteria/criterion.h"
#include "core/criteria/diva/adversarial_separation.h"
#include "core/criteria/diva/moco.h"
#include "core/criteria/inner_criterion.h"

namespace oodml::criteria {

struct DivaOptions {
  double alpha_ssl = 0.3;     ///< Weight of fast_moco on the head selfsimilarity.
  double alpha_shared = 0.3;  ///< Weight of the criterion on the head shared.
  double alpha_intra = 0.3;   ///< Weight of the criterion on the head intra.
};

/// The criteria that DiVA adds up, each with its own parameters; names as registered.
struct DivaParts {
  InnerCriterion discriminative, shared, intra;
  std::shared_ptr<Moco> moco;
  std::shared_ptr<AdversarialSeparation> separation;
};

/// Tuples for the three heads with a criterion; mined where there are none.
struct DivaTuples {
  std::optional<miners::Tuples> discriminative, shared, intra;
};

/// Four heads of one network learn different things:
///   L = criterion(discriminative) + alpha_ssl fast_moco(selfsimilarity) + alpha_shared criterion(shared)
///       + alpha_intra criterion(intra) + adversarial_separation(all heads).
/// Three independent instances of one criterion; the discriminative one has the trial's miner, shared and intra both
/// have `random_distance` (quirk Q17). Each mines in its own head. Reads heads, keys and queue (both of the head
/// selfsimilarity). Parameters: discriminative.*, shared.*, intra.*, moco.*, separation.regressor.*.
/// Source: Milbich et al., ECCV 2020; docs/criteria.md#diva.
class Diva final : public Criterion {
 public:
  Diva(DivaOptions options, DivaParts parts);
  torch::Tensor forward(const BatchOutput& batch, const std::optional<miners::Tuples>& tuples) override;
  /// Throws std::invalid_argument when the batch lacks one of the four heads.
  torch::Tensor loss(const BatchOutput& batch, const DivaTuples& given);
  std::vector<ParameterGroup> parameter_groups() const override;
  std::vector<const miners::Miner*> miners_inside() const override;

 private:
  DivaOptions options_;
  DivaParts parts_;
};

Result<std::shared_ptr<Criterion>> make_diva(const Params& params, const CriterionContext& context);

}  // namespace oodml::criteria
