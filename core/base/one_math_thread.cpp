#include "core/base/one_math_thread.h"

/// MKL's, of the calling thread; returns what it was. Programs without LibTorch, and LibTorch of other processors, have
/// none.
extern "C" __attribute__((weak)) int MKL_Set_Num_Threads_Local(int threads);

namespace oodml {

OneMathThread::OneMathThread() {
  if (MKL_Set_Num_Threads_Local != nullptr) before_ = MKL_Set_Num_Threads_Local(1);
}

OneMathThread::~OneMathThread() {
  if (MKL_Set_Num_Threads_Local != nullptr) MKL_Set_Num_Threads_Local(before_);
}

}  // namespace oodml
