#pragma once

#include "tests/golden/case.h"
#include "tests/golden/comparison.h"

namespace oodml::golden {

// Replays of criteria that read more than embeddings, labels and tuples; replay_criterion.cpp lists them by name.
void replay_adversarial_separation(const Case& golden, bool compat_paper, Comparison& comparison);
void replay_diva(const Case& golden, bool compat_paper, Comparison& comparison);
void replay_imrot(const Case& golden, bool compat_paper, Comparison& comparison);
void replay_moco(const Case& golden, bool compat_paper, Comparison& comparison);
void replay_nir(const Case& golden, bool compat_paper, Comparison& comparison);
void replay_quadruplet(const Case& golden, bool compat_paper, Comparison& comparison);
void replay_s2sd(const Case& golden, bool compat_paper, Comparison& comparison);
void replay_uniformity_prior(const Case& golden, bool compat_paper, Comparison& comparison);

}  // namespace oodml::golden
