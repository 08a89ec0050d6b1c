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
  if (registers == Registers::kAvx512) return __builtin_cpu_supports("avx512f");
  if (registers == Registers::kAvx2) return __builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma");
#endif
  return registers == Registers::kPlain;
}

Registers widest_registers() {
  static const Registers registers = widest();
  return registers;
}

}  // namespace oodml::products
