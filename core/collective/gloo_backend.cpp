#include <utility>

#include "core/collective/backend.h"
#ifdef USE_C10D_GLOO
#include <torch/csrc/distributed/c10d/FileStore.hpp>
#include <torch/csrc/distributed/c10d/ProcessGroupGloo.hpp>
#endif

namespace oodml::collective {

#ifdef USE_C10D_GLOO
Result<BackendPointer> connect_gloo(const Membership& membership) {
  const auto size = static_cast<int>(membership.size);
  auto store = c10::make_intrusive<c10d::FileStore>(membership.meeting_file.string(), size);
  store->setTimeout(membership.patience);
  auto options = c10d::ProcessGroupGloo::Options::create(membership.patience);
  options->devices.push_back(c10d::ProcessGroupGloo::createDeviceForHostname("127.0.0.1"));
  return c10::make_intrusive<c10d::ProcessGroupGloo>(store, static_cast<int>(membership.rank), size,
                                                     std::move(options));
}
#else
Result<BackendPointer> connect_gloo(const Membership&) {
  return failure(StatusCode::kUnimplemented, "several replicas on a CPU: this LibTorch was built without Gloo");
}
#endif

}  // namespace oodml::collective
