#pragma once

// A function marked OODML_WIDE is compiled for several widths of vector registers; the one the processor can run is
// chosen at start. The sanitizers cannot follow that choice.
#if defined(__x86_64__) && !defined(__SANITIZE_ADDRESS__) && !defined(__SANITIZE_THREAD__)
#define OODML_WIDE __attribute__((target_clones("arch=x86-64-v4", "arch=x86-64-v3", "default")))
#else
#define OODML_WIDE
#endif
