#pragma once

#include <ATen/Parallel.h>

#include <cstdint>

namespace oodml::embedding_map {

/// While it lives, LibTorch computes on one thread what this thread asks of it: for work that is small, or one step
/// after the other, where sharing out would cost more than it saves and change the order of sums.
class OneThread {
 public:
  OneThread() : before_(at::get_num_threads()) { at::set_num_threads(1); }
  ~OneThread() { at::set_num_threads(before_); }
  OneThread(const OneThread&) = delete;
  OneThread& operator=(const OneThread&) = delete;

 private:
  int before_;
};

/// Calls body(part) for parts 0 to `parts` - 1, each on one thread, whatever LibTorch computes in it. Where parts do
/// not depend on the number of threads, neither do the bits of what is computed.
template <typename Body>
void for_each_part(std::int64_t parts, const Body& body) {
  if (parts == 1) {  // would run outside of a parallel region, where matrix products take all threads
    const OneThread one_thread;
    body(0);
    return;
  }
  at::parallel_for(0, parts, 1, [&](std::int64_t first, std::int64_t last) {
    for (std::int64_t part = first; part < last; ++part) body(part);
  });
}

}  // namespace oodml::embedding_map
