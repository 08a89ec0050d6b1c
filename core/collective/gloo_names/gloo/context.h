#pragma once

#include <chrono>

// LibTorch carries a Gloo of its own, but its packages leave out Gloo's headers, which <.../ProcessGroupGloo.hpp>
// includes. These declare the names that it mentions and nothing more; the definitions are LibTorch's. Debian's
// libgloo-dev is no way out: both libraries export the same symbols, from different years.
namespace gloo {

class Context {
 public:
  void setTimeout(std::chrono::milliseconds timeout);
};

}  // namespace gloo
