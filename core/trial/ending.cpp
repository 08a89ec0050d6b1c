#include "core/trial/ending.h"

#include <c10/util/Exception.h>

#include <new>
#include <stdexcept>
#include <string_view>
#include <system_error>
#include <utility>

#include "core/base/this_machine.h"
#include "core/collective/collective.h"

namespace oodml::trial {
namespace {

/// LibTorch reports a CPU that is out of memory, and what cuDNN and cuBLAS say of a GPU that fell over, as plain
/// errors.
job::Outcome kind_of(const c10::Error& error) {
  const std::string_view what = error.what_without_backtrace();
  if (what.find("DefaultCPUAllocator") != what.npos) return job::Outcome::kOutOfMemory;
  for (const std::string_view sign : {"CUDA", "cuda", "CUDNN", "cuDNN", "CUBLAS", "cuBLAS"}) {
    if (what.find(sign) != what.npos) return job::Outcome::kInfrastructure;
  }
  return job::Outcome::kBadConfiguration;  // the same tensors would fail again
}

}  // namespace

job::Outcome outcome_of(StatusCode code) {
  if (lies_in_this_machine(code)) return job::Outcome::kMachine;
  switch (code) {
    case StatusCode::kInvalidArgument:
    case StatusCode::kAlreadyExists:
    case StatusCode::kFailedPrecondition:
    case StatusCode::kUnimplemented:
      return job::Outcome::kBadConfiguration;
    default:
      return job::Outcome::kInfrastructure;
  }
}

job::Outcome outcome_of_cuda_error(int number) {
  constexpr int kIllegalAddress = 700, kLaunchTimeout = 702, kAssert = 710, kMisalignedAddress = 716,
                kInvalidAddressSpace = 717, kInvalidPc = 718, kLaunchFailure = 719;
  switch (number) {
    case kIllegalAddress:
    case kLaunchTimeout:
    case kAssert:
    case kMisalignedAddress:
    case kInvalidAddressSpace:
    case kInvalidPc:
    case kLaunchFailure:
      return job::Outcome::kInfrastructure;
    default:
      return job::Outcome::kMachine;
  }
}

End failed(job::Outcome kind, std::string message) {
  return {job::Failed{job::to_text(kind), std::move(message)}, kExitFailed};
}

End failed(const Status& status) { return failed(outcome_of(status.code()), status.message()); }

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
  } catch (const c10::AcceleratorError& error) {
    return failed(outcome_of_cuda_error(error.get_error_code()), error.what_without_backtrace());
  } catch (const c10::Error& error) {
    return failed(kind_of(error), error.what_without_backtrace());
  } catch (const std::bad_alloc&) {
    return failed(job::Outcome::kOutOfMemory, "out of memory on the CPU");
  } catch (const std::logic_error& error) {  // std::invalid_argument of tensor code too
    return failed(job::Outcome::kBadConfiguration, error.what());
  } catch (const std::system_error& error) {  // of files and threads
    const StatusCode code = Status(system_failure("", error.code().value())).code();
    return failed(outcome_of(code), error.what());
  } catch (const std::exception& error) {
    return failed(job::Outcome::kInfrastructure, error.what());
  }
}

}  // namespace oodml::trial
