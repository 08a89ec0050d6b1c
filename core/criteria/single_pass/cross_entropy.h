#pragma once

#include <cstdint>

namespace oodml::criteria {

/// -log softmax(logits)_own of one row. In place of the logits [n]: its derivative in each, times `weight`.
double cross_entropy_of_row(float* logits, std::int64_t own, std::int64_t n, float weight);

}  // namespace oodml::criteria
