#pragma once

#include <filesystem>
#include <functional>
#include <optional>
#include <string>

#include "core/base/clock.h"
#include "core/base/result.h"

namespace oodml::cli::scale {

/// What a configuration says of the API server. Empty: as a pod of the cluster finds it.
struct KubeSettings {
  std::string server;                ///< https://HOST:PORT
  std::filesystem::path ca;          ///< PEM of the authority that signed the server's certificate.
  std::filesystem::path token_file;  ///< Of a service account; read anew for each call, as tokens are renewed.
  std::string name_space;
};

/// The API server, and who we are there.
struct KubeAccess {
  std::string server;
  std::filesystem::path ca, token_file;
  std::string name_space;
  Duration limit = std::chrono::seconds(30);  ///< Of one call.
};

/// Fills what the settings leave open from the environment and the mounted service account. kFailedPrecondition: this
/// is no pod, and the settings do not say it all. kInvalidArgument: a server that is not https.
Result<KubeAccess> kube_access(const KubeSettings& settings, Duration limit,
                               const std::function<std::optional<std::string>(const char*)>& environment);

}  // namespace oodml::cli::scale
