#pragma once

namespace oodml::products {

/// Vector registers a kernel is written for.
enum class Registers { kPlain, kAvx2, kAvx512 };

/// The widest that this processor has and that ATEN_CPU_CAPABILITY (default, avx2 or avx512, as LibTorch reads it) does
/// not rule out. Read once.
Registers widest_registers();

/// Whether this processor has them.
bool has_registers(Registers registers);

}  // namespace oodml::products
