#pragma once

#include "core/products/registers.h"

namespace oodml::products {

// Loops over rows are compiled for several widths of vector registers; which are used is decided as for products, so
// that ATEN_CPU_CAPABILITY holds for these loops, too. `flatten` puts the loop into each of the functions, which
// compile it for their processor. The sanitizers see one form.
#if defined(__x86_64__) && !defined(__SANITIZE_ADDRESS__) && !defined(__SANITIZE_THREAD__)
#define OODML_FOR_PROCESSOR(name) __attribute__((target("arch=" name), flatten))
#else
#define OODML_FOR_PROCESSOR(name)
#endif

namespace wide_forms {

template <auto loop, typename... Arguments>
OODML_FOR_PROCESSOR("x86-64-v4")
auto with_avx512(Arguments... arguments) {
  return loop(arguments...);
}

template <auto loop, typename... Arguments>
OODML_FOR_PROCESSOR("x86-64-v3")
auto with_avx2(Arguments... arguments) {
  return loop(arguments...);
}

}  // namespace wide_forms

/// loop(arguments...), with the widest registers there are. `loop` is a function that this source defines.
template <auto loop, typename... Arguments>
auto wide(Arguments... arguments) {
  switch (widest_registers()) {
    case Registers::kAvx512:
      return wide_forms::with_avx512<loop>(arguments...);
    case Registers::kAvx2:
      return wide_forms::with_avx2<loop>(arguments...);
    case Registers::kPlain:
      break;
  }
  return loop(arguments...);
}

}  // namespace oodml::products
