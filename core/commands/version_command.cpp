#include <ATen/detail/CUDAHooksInterface.h>
#include <torch/version.h>

#include <nlohmann/json.hpp>
#include <string>

#include "core/base/build_info.h"
#include "core/base/print.h"
#include "core/commands/command_errors.h"
#include "core/commands/commands.h"
#include "core/metrics/faiss_version.h"

namespace oodml::commands {
namespace {

using Json = nlohmann::ordered_json;

/// "13.0", of the CUDA that LibTorch was built with, whether or not this machine has a GPU; null without CUDA.
Json cuda_version() {
  const at::CUDAHooksInterface& hooks = at::detail::getCUDAHooks();
  if (!hooks.hasCUDART()) return nullptr;
  const long version = hooks.versionCUDART();
  return std::to_string(version / 1000) + "." + std::to_string(version % 1000 / 10);
}

Status print_as(bool as_json) {
  const BuildInfo& info = build_info();
  const std::string faiss = metrics::faiss_version();
  const Json cuda = cuda_version();
  const Json document = {{"version", 1},
                         {"oodml-core", info.version},
                         {"commit", info.commit},
                         {"build_type", info.type},
                         {"libtorch", TORCH_VERSION},
                         {"faiss", faiss},
                         {"cuda", cuda}};
  if (as_json) return print_out(document.dump() + "\n");
  return print_out(version_line("oodml-core") + ", " + std::string(info.type) + ", LibTorch " + TORCH_VERSION +
                   ", FAISS " + faiss + (cuda.is_null() ? ", no CUDA" : ", CUDA " + cuda.get<std::string>()) + "\n");
}

}  // namespace

int print_version(bool as_json) {
  return end_of_command("version", guarded([&] { return print_as(as_json); }));
}

}  // namespace oodml::commands
