#pragma once

#include "tests/golden/case.h"
#include "tests/golden/comparison.h"

namespace oodml::golden {

// Replays of criteria that read more than embeddings, labels and tuples; replay_criterion.cpp lists them by name.
void replay_quadruplet(const Case& golden, bool compat_paper, Comparison& comparison);

}  // namespace oodml::golden
