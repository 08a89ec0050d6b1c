#pragma once

#include <c10/util/Exception.h>

#include <string>
#include <string_view>

#include "core/base/guard.h"

namespace oodml::commands {

/// What `work`, a function that gives a Status or a Result, gives; whatever LibTorch, the memory, the disk and threads
/// throw in it is a value here. `advice` goes into the message when a GPU's memory was too small: "; try ...".
template <typename Work>
auto guarded(const Work& work, const std::string& advice = "") -> decltype(work()) {
  return oodml::guarded([&]() -> decltype(work()) {
    try {
      return work();
    } catch (const c10::OutOfMemoryError& error) {
      return failure(StatusCode::kResourceExhausted,
                     "out of GPU memory" + advice + ": " + error.what_without_backtrace());
    } catch (const c10::Error& error) {
      const std::string_view what = error.what_without_backtrace();
      const bool memory = what.find("DefaultCPUAllocator") != what.npos;
      return failure(memory ? StatusCode::kResourceExhausted : StatusCode::kInternal, std::string(what));
    }
  });
}

/// "warning: ..." on stderr.
void print_warning(const std::string& text);

/// What a command ends with, once a failure was told on stderr: "oodml-core evaluate: ...".
int end_of_command(const std::string& command, const Status& status);

/// Those of such commands, for the end of their help.
std::string exit_codes_of_commands();

}  // namespace oodml::commands
