#pragma once

#include <c10/util/Exception.h>

#include <filesystem>
#include <new>
#include <string>

#include "core/base/result.h"

namespace oodml::trial {

/// What `work`, a function that gives a Result, gives; what LibTorch, the memory and the disk throw becomes a value
/// here. `advice` goes into the message when a GPU's memory was too small: "; try ...".
template <typename Work>
auto guarded(const Work& work, const std::string& advice = "") -> decltype(work()) {
  try {
    return work();
  } catch (const c10::OutOfMemoryError& error) {
    return failure(StatusCode::kResourceExhausted,
                   "out of GPU memory" + advice + ": " + error.what_without_backtrace());
  } catch (const c10::Error& error) {
    return internal_error(error.what_without_backtrace());
  } catch (const std::filesystem::filesystem_error& error) {
    return failure(StatusCode::kUnavailable, error.what());
  } catch (const std::bad_alloc&) {
    return failure(StatusCode::kResourceExhausted, "out of memory");
  }
}

/// Whether what a user named or a file holds is at fault, so that a command ends with kExitUsage.
constexpr bool is_input(StatusCode code) {
  return code == StatusCode::kInvalidArgument || code == StatusCode::kNotFound || code == StatusCode::kDataLoss ||
         code == StatusCode::kAlreadyExists;
}

}  // namespace oodml::trial
