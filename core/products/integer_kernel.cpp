#include "core/products/integer_kernel.h"

namespace oodml::products {

const IntegerKernel& integer_kernel([[maybe_unused]] Registers registers) {
#if defined(__x86_64__)
  if (registers == Registers::kAvx512 && __builtin_cpu_supports("avx512vnni")) return kVnniIntegerKernel;
  if (registers != Registers::kPlain && has_registers(Registers::kAvx2)) return kAvx2IntegerKernel;
#endif
  return kPlainIntegerKernel;
}

}  // namespace oodml::products
