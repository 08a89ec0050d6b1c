#pragma once

#include <memory>

#include "core/miners/miner.h"
#include "tests/core/catalogue/default_choice.h"
#include "tests/core/distances/batches.h"

namespace oodml::testing {

inline std::unique_ptr<miners::Miner> make_miner(const ComponentChoice& choice, bool compat_paper = false) {
  return miners::make_miner(choice, compat_paper).value();
}

}  // namespace oodml::testing
