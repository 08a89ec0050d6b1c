#pragma once

namespace oodml::products {

/// Vector registers a kernel is written for, with what else compilers expect of a processor that has them (x86-64-v3
/// and -v4).
enum class Registers { kPlain, kAvx2, kAvx512 };

/// The widest that this processor has and that ATEN_CPU_CAPABILITY (default, avx2 or avx512, as LibTorch reads it) does
/// not rule out. Read once.
Registers widest_registers();

/// Whether this processor has them.
bool has_registers(Registers registers);

}  // namespace oodml::products
