#include "core/products/registers.h"

#include <algorithm>
#include <cstdlib>
#include <string_view>

namespace oodml::products {
namespace {

Registers allowed() {
  const char* const named = std::getenv("ATEN_CPU_CAPABILITY");
  if (named == nullptr) return Registers::kAvx512;
  if (std::string_view(named) == "default") return Registers::kPlain;
  return std::string_view(named) == "avx2" ? Registers::kAvx2 : Registers::kAvx512;
}

Registers widest() {
  for (const Registers registers : {Registers::kAvx512, Registers::kAvx2}) {
    if (has_registers(registers)) return std::min(registers, allowed());
  }
  return Registers::kPlain;
}

}  // namespace

bool has_registers([[maybe_unused]] Registers registers) {
#if defined(__x86_64__)
  const bool has_v3 = __builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma") &&
                      __builtin_cpu_supports("bmi") && __builtin_cpu_supports("bmi2");
  const bool has_v4 = has_v3 && __builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512bw") &&
                      __builtin_cpu_supports("avx512cd") && __builtin_cpu_supports("avx512dq") &&
                      __builtin_cpu_supports("avx512vl");
  if (registers == Registers::kAvx512) return has_v4;
  if (registers == Registers::kAvx2) return has_v3;
#endif
  return registers == Registers::kPlain;
}

Registers widest_registers() {
  static const Registers registers = widest();
  return registers;
}

}  // namespace oodml::products
