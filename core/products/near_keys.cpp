#include "core/products/near_keys.h"

namespace oodml::products {

FindNear find_near(Registers registers) {
#if defined(__x86_64__)
  if (registers == Registers::kAvx512) return kAvx512FindNear;
  if (registers == Registers::kAvx2) return kAvx2FindNear;
#endif
  return kPlainFindNear;
}

}  // namespace oodml::products
