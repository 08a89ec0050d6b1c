#include "core/products/double_kernel.h"

namespace oodml::products {

const DoubleKernel& double_kernel(Registers registers) {
#if defined(__x86_64__)
  if (registers == Registers::kAvx512) return kAvx512DoubleKernel;
  if (registers == Registers::kAvx2) return kAvx2DoubleKernel;
#endif
  return kPlainDoubleKernel;
}

}  // namespace oodml::products
