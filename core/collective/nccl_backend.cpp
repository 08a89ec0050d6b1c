#include <utility>

#include "core/collective/backend.h"
#ifdef USE_C10D_NCCL
#include <torch/csrc/distributed/c10d/FileStore.hpp>
#include <torch/csrc/distributed/c10d/ProcessGroupNCCL.hpp>
#endif

namespace oodml::collective {

#ifdef USE_C10D_NCCL
Result<BackendPointer> connect_nccl(const Membership& membership, const torch::Device& device) {
  const auto size = static_cast<int>(membership.size);
  auto store = c10::make_intrusive<c10d::FileStore>(membership.meeting_file.string(), size);
  store->setTimeout(membership.patience);
  auto options = c10d::ProcessGroupNCCL::Options::create();
  options->timeout = membership.patience;
  auto backend =
      c10::make_intrusive<c10d::ProcessGroupNCCL>(store, static_cast<int>(membership.rank), size, std::move(options));
  backend->setBoundDeviceId(device);
  return backend;
}
#else
Result<BackendPointer> connect_nccl(const Membership&, const torch::Device&) {
  return failure(StatusCode::kUnimplemented, "several replicas on GPUs: this LibTorch was built without NCCL");
}
#endif

}  // namespace oodml::collective
