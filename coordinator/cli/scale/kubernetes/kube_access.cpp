#include "coordinator/cli/scale/kubernetes/kube_access.h"

#include "core/base/atomic_file.h"

namespace oodml::cli::scale {
namespace {

constexpr const char* kAccount = "/var/run/secrets/kubernetes.io/serviceaccount/";
constexpr std::uint64_t kMaxNameBytes = 256;

Status not_a_pod(const std::string& key) {
  return failed_precondition("kubernetes: " + key + " is not said, and this is no pod that would know it");
}

}  // namespace

Result<KubeAccess> kube_access(const KubeSettings& settings, Duration limit,
                               const std::function<std::optional<std::string>(const char*)>& environment) {
  KubeAccess access{.server = settings.server,
                    .ca = settings.ca,
                    .token_file = settings.token_file,
                    .name_space = settings.name_space,
                    .limit = limit};
  if (access.server.empty()) {
    const auto host = environment("KUBERNETES_SERVICE_HOST"), port = environment("KUBERNETES_SERVICE_PORT");
    if (!host || !port) return failure(not_a_pod("server"));
    access.server = "https://" + (host->find(':') == std::string::npos ? *host : "[" + *host + "]") + ":" + *port;
  }
  if (!access.server.starts_with("https://") || access.server.find('/', 8) != std::string::npos) {
    return invalid_argument("kubernetes: server: https://HOST:PORT wanted, got " + access.server);
  }
  std::error_code error;
  const bool in_pod = std::filesystem::exists(std::string(kAccount) + "token", error);
  if (access.ca.empty()) access.ca = std::string(kAccount) + "ca.crt";
  if (access.token_file.empty()) access.token_file = std::string(kAccount) + "token";
  if ((settings.ca.empty() || settings.token_file.empty()) && !in_pod) {
    return failure(not_a_pod(settings.ca.empty() ? "ca" : "token_file"));
  }
  if (access.name_space.empty()) {
    const auto own = read_file(std::string(kAccount) + "namespace", kMaxNameBytes);
    if (!own) return failure(not_a_pod("namespace"));
    access.name_space = own->substr(0, own->find_first_of(" \n"));
  }
  return access;
}

}  // namespace oodml::cli::scale
