#include "core/products/dots.h"

namespace oodml::products {

Dots dots([[maybe_unused]] Registers registers) {
#if defined(__x86_64__)
  if (registers == Registers::kAvx512) return kAvx512Dots;
  if (registers == Registers::kAvx2) return kAvx2Dots;
#endif
  return kPlainDots;
}

}  // namespace oodml::products
