#pragma once

#include <functional>

#include "core/base/result.h"

namespace oodml::coordinator {

/// Called once, from any thread, after the change is durable.
template <typename T>
using Reply = std::function<void(Result<T>)>;

}  // namespace oodml::coordinator
