#pragma once

namespace oodml {

/// While it lives, the matrix library under LibTorch computes on one thread what this thread asks of it, where that
/// library is MKL: what is called inside of a parallel region needs that. LibTorch's set_num_threads tells MKL to take
/// that many threads there as well; it gets one, and its larger decompositions then wait for the others for ever.
class OneMathThread {
 public:
  OneMathThread();
  ~OneMathThread();
  OneMathThread(const OneMathThread&) = delete;
  OneMathThread& operator=(const OneMathThread&) = delete;

 private:
  int before_ = 0;  ///< 0: what all threads have.
};

}  // namespace oodml
