#include "core/train/device.h"

#include <ATen/Context.h>
#include <ATen/Parallel.h>
#include <torch/cuda.h>

#include <algorithm>
#include <cstdlib>
#include <sstream>

namespace oodml::train {

std::vector<std::string> device_names() {
  std::vector<std::string> names = {"cpu"};
  const int cuda_devices = torch::cuda::is_available() ? static_cast<int>(torch::cuda::device_count()) : 0;
  for (int i = 0; i < cuda_devices; ++i) names.push_back("cuda:" + std::to_string(i));
  return names;
}

Result<torch::Device> find_device(const std::string& name) {
  const std::vector<std::string> known = device_names();
  std::string wanted = name.empty() ? (known.size() > 1 ? known[1] : known[0]) : name;
  if (wanted == "cuda") wanted = "cuda:0";
  if (std::find(known.begin(), known.end(), wanted) != known.end()) return torch::Device(wanted);
  std::ostringstream message;
  message << "no device '" << name << "' on this machine; it has";
  for (const std::string& device : known) message << ' ' << device;
  return unavailable(message.str());
}

void make_deterministic(std::int64_t cpu_threads) {
  setenv("CUBLAS_WORKSPACE_CONFIG", ":4096:8", 0);  // cuBLAS reads it when its first handle is made
  at::set_num_threads(static_cast<int>(cpu_threads));
  at::set_num_interop_threads(1);
  auto& context = at::globalContext();
  context.setDeterministicAlgorithms(true, /*warn_only=*/true);
  context.setDeterministicFillUninitializedMemory(false);  // nothing here reads memory it has not written
  context.setDeterministicCuDNN(true);
  context.setBenchmarkCuDNN(false);
}

at::Generator make_generator(const torch::Device& device) {
  return at::globalContext().defaultGenerator(device).clone();
}

}  // namespace oodml::train
