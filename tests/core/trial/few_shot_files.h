#pragma once

#include <string>

#include "tests/core/trial/tiny_trial.h"

namespace oodml::testing {

/// Gives the tiny benchmark a split file: split 1 trains on class0 to class2, of which class2 validates, and tests on
/// class3 to class5; three episodes of 2 shots. And the trial what few_shot needs of it.
void make_few_shot(TinyTrial& trial);
/// The split file with other episodes: the text behind "test_episodes":.
void write_few_shot_splits(const TinyTrial& trial, const std::string& episodes);

}  // namespace oodml::testing
