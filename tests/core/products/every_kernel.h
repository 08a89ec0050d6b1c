#pragma once

#include <gtest/gtest.h>

#include <string>

#include "core/products/registers.h"

namespace oodml::products {

/// A test of what is written for several registers; skipped where the processor lacks them.
class KernelTest : public testing::TestWithParam<Registers> {
 protected:
  void SetUp() override {
    if (!has_registers(GetParam())) GTEST_SKIP() << "this processor has no such registers";
  }
};

inline std::string name_of_registers(const testing::TestParamInfo<Registers>& of) {
  if (of.param == Registers::kPlain) return "plain";
  return of.param == Registers::kAvx2 ? "avx2" : "avx512";
}

inline auto every_registers() { return testing::Values(Registers::kPlain, Registers::kAvx2, Registers::kAvx512); }

}  // namespace oodml::products
