#pragma once

#include <map>
#include <memory>
#include <string>
#include <vector>

#include "core/criteria/criterion.h"
#include "core/scripts/module.h"

namespace oodml::criteria {

/// A criterion that came as a file. Its forward takes embeddings [B, D] and labels [B] int64 as its first two
/// arguments, whatever they are called, then by name, where it has them: `features` [B, F], the backbone's pooled
/// vector, and `tuples` [T, 3] int64, the anchor, positive and negative of each triplet that the trial's miner found
/// and that counts. It returns a scalar that depends on the embeddings. A batch without triplets costs nothing and is
/// not shown to it.
///
/// What it draws comes from the device's own generator, seeded for the step. Source: docs/pytorch.md#criteria.
class ScriptCriterion final : public Criterion {
 public:
  /// `rates` has a learning rate for every parameter that is trained, by name.
  ScriptCriterion(std::string who, std::shared_ptr<scripts::Module> module, std::map<std::string, double> rates);
  torch::Tensor forward(const BatchOutput& batch, const std::optional<miners::Tuples>& tuples) override;
  std::vector<ParameterGroup> parameter_groups() const override;

 private:
  std::string who_;
  std::shared_ptr<scripts::Module> module_;
  std::map<std::string, double> rates_;
  bool reads_features_ = false, reads_tuples_ = false;
};

/// params: file, lr_multi. The module may have needs_miner (true: a miner must be named), and parameter_groups, factors
/// on the learning rate by the name of a parameter or of a module above it. kInvalidArgument where what it asks for and
/// the trial's miner do not go together, and as scripts::load_module; other codes as scripts::find_script.
Result<std::shared_ptr<Criterion>> make_script(const Params& params, const CriterionContext& context);

}  // namespace oodml::criteria
