#include "core/products/micro_kernel.h"

namespace oodml::products {

const MicroKernel& micro_kernel(Registers registers) {
#if defined(__x86_64__)
  if (registers == Registers::kAvx512) return kAvx512Kernel;
  if (registers == Registers::kAvx2) return kAvx2Kernel;
#endif
  return kPlainKernel;
}

}  // namespace oodml::products
