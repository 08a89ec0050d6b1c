#include "core/commands/warm_up.h"

#include <dlfcn.h>

#include <chrono>
#include <thread>

#include "core/warm/sibling.h"

namespace oodml::commands {
namespace {

/// OpenBLAS starts threads when it is loaded, and again when they are needed; this is what it does itself before a
/// fork.
void end_threads_of_openblas() {
  if (void* const function = ::dlsym(RTLD_DEFAULT, "blas_thread_shutdown_")) {
    reinterpret_cast<int (*)()>(function)();
  }
}

/// The kernel forgets a thread a little after it was joined.
void wait_for_threads() {
  const auto deadline = std::chrono::steady_clock::now() + std::chrono::seconds(2);
  while (warm::count_threads() > 1 && std::chrono::steady_clock::now() < deadline) std::this_thread::yield();
}

}  // namespace

void warm_up() {
  end_threads_of_openblas();
  wait_for_threads();
}

}  // namespace oodml::commands
