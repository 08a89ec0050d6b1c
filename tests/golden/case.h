#pragma once

#include <ATen/core/Generator.h>
#include <torch/types.h>

#include <map>
#include <nlohmann/json.hpp>
#include <stdexcept>
#include <string>
#include <vector>

#include "core/base/params.h"
#include "core/catalogue/component.h"

namespace oodml::golden {

/// A case that cannot be replayed: unknown kind, component, parameter or tensor, damaged file.
class CaseError : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

/// One golden file.
struct Case {
  std::string kind, name, variant;
  nlohmann::json params;
  bool paper = false;       ///< The number of the reference code.
  bool paper_only = false;  ///< A quirk acts on it: the corrected mode gives another number.
  std::int64_t n_classes = 1;
  double rtol = 0.0, atol = 0.0;
  torch::Device device = torch::kCPU;            ///< Where it is computed: inputs and parameters lie there.
  std::map<std::string, torch::Tensor> tensors;  ///< What is wanted of it stays on the CPU.

  bool has(const std::string& tensor) const { return tensors.contains(tensor); }
  const torch::Tensor& at(const std::string& tensor) const;
  /// The modes it must hold in: false corrected, true compat paper.
  std::vector<bool> modes() const;
};

/// Kinds that no device computes (samplers, transforms, ...) stay on the CPU, whatever `device`.
Case load_case(const std::string& path, torch::Device device);

/// A generator of the case's device, with a fixed seed.
at::Generator seeded_generator(const Case& golden);

/// The component's choice with the case's parameters; `own` are parameters that the replay itself understands.
/// Throws CaseError for an unknown component, an unknown parameter, or one of a wrong type.
ComponentChoice choice_of(const Case& golden, catalogue::Kind kind, const std::vector<std::string>& own);

}  // namespace oodml::golden
