#pragma once

#include <torch/types.h>

#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "core/base/result.h"

namespace oodml::metrics {

/// Which embeddings of an image are evaluated, side by side: `embeds`, or heads with weights, as in
/// Combined_discriminative_shared-0.75-1.25.
struct Evaltype {
  struct Head {
    std::string name;
    double weight = 1.0;
  };
  std::vector<Head> heads;
  bool is_plain = false;  ///< `embeds`, the one head of a network: its rows as they are.
};

/// Names before the first '-', after an optional `Combined_`, joined by '_'; weights behind, one a name or none (all 1:
/// quirk Q44). kInvalidArgument says what is wrong with the text. Source: spec/objectives-and-metrics.md 4.1.
Result<Evaltype> parse_evaltype(std::string_view text);

/// heads: name -> [N, D_head], all with the same N. Gives the weighted heads in the order of the evaltype, concatenated
/// [N, sum of D], each row divided by its norm if `normalize` (the network's own rows are normalised). A plain evaltype
/// gives its head as it is. kInvalidArgument for a head that is missing or of another height.
Result<torch::Tensor> select_embeddings(const std::map<std::string, torch::Tensor>& heads, const Evaltype& evaltype,
                                        bool normalize);

}  // namespace oodml::metrics
