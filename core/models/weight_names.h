#pragma once

#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "core/base/result.h"
#include "core/models/tensor_file.h"

namespace oodml::models {

/// The names that a network wants from a file of weights.
struct WantedNames {
  std::set<std::string_view> all;
  std::set<std::string_view> needed;  ///< Those of them that may not be missing.
};

/// The tensors of a file under the names that a network has.
struct RenamedTensors {
  NamedTensors tensors;
  std::vector<std::string> remarks;  ///< What was left out, a line each.
};

/// Takes away what people's wrappers put before the names: DataParallel's `module.`, torch.compile's `_orig_mod.`, the
/// attribute of the module that held the network (`model.`, `backbone.encoder.`), in any depth and order. It is the
/// beginning under which most wanted names stand; nothing is taken away where they stand there without one. Tensors
/// beside a whole network (a criterion's, a projector's) are left out. kInvalidArgument where two whole networks are in
/// it, as with MoCo's keys and queries.
Result<RenamedTensors> without_wrappers(NamedTensors file, const WantedNames& wanted);

}  // namespace oodml::models
