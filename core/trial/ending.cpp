#include "core/trial/ending.h"

#include <c10/util/Exception.h>

#include <new>
#include <stdexcept>
#include <string_view>
#include <utility>

#include "core/collective/collective.h"

namespace oodml::trial {
namespace {

job::Outcome kind_of(StatusCode code) {
  switch (code) {
    case StatusCode::kInvalidArgument:
    case StatusCode::kNotFound:
    case StatusCode::kAlreadyExists:
    case StatusCode::kFailedPrecondition:
    case StatusCode::kDataLoss:
    case StatusCode::kUnimplemented:
      return job::Outcome::kBadConfiguration;
    default:
      return job::Outcome::kInfrastructure;
  }
}

/// LibTorch reports a CPU that is out of memory, and a GPU that fell over, as plain errors.
job::Outcome kind_of(const c10::Error& error) {
  const std::string_view what = error.what_without_backtrace();
  if (what.find("DefaultCPUAllocator") != what.npos) return job::Outcome::kOutOfMemory;
  for (const std::string_view sign : {"CUDA", "cuda", "CUDNN", "cuDNN", "CUBLAS", "cuBLAS"}) {
    if (what.find(sign) != what.npos) return job::Outcome::kInfrastructure;
  }
  return job::Outcome::kBadConfiguration;  // the same tensors would fail again
}

}  // namespace

End failed(job::Outcome kind, std::string message) {
  return {job::Failed{job::to_text(kind), std::move(message)}, kExitFailed};
}

End failed(const Status& status) { return failed(kind_of(status.code()), status.message()); }

End caught(const std::function<Result<End>()>& work) {
  try {
    Result<End> end = work();
    return end ? *std::move(end) : failed(end.error());
  } catch (const collective::PeerLost& error) {
    End end = failed(job::Outcome::kInfrastructure, error.what());
    end.peer_lost = true;
    return end;
  } catch (const c10::OutOfMemoryError& error) {
    return failed(job::Outcome::kOutOfMemory, error.what_without_backtrace());
  } catch (const c10::Error& error) {
    return failed(kind_of(error), error.what_without_backtrace());
  } catch (const std::bad_alloc&) {
    return failed(job::Outcome::kOutOfMemory, "out of memory on the CPU");
  } catch (const std::logic_error& error) {  // std::invalid_argument of tensor code too
    return failed(job::Outcome::kBadConfiguration, error.what());
  } catch (const std::exception& error) {
    return failed(job::Outcome::kInfrastructure, error.what());
  }
}

}  // namespace oodml::trial
