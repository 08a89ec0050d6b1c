#pragma once

#include <functional>

#include "core/base/exit_code.h"
#include "core/base/result.h"

namespace oodml {

/// The exception that is being handled, as a value: memory that is used up, what the system refused (with the code of
/// its errno), an argument that code below found wrong, anything else as internal. Only inside a catch block.
Status status_of_exception();

/// What `work`, a function that gives a Status or a Result, gives; whatever the standard library throws in it is a
/// value here.
template <typename Work>
auto guarded(const Work& work) -> decltype(work()) {
  try {
    return work();
  } catch (...) {
    return failure(status_of_exception());
  }
}

/// The whole of a program's main: what `work` gives, or, when something is thrown past it, one line on stderr that
/// starts with the program's name, and the exit code for it.
int run_program(const char* name, const std::function<int()>& work);

}  // namespace oodml
