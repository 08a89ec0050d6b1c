#pragma once

#include <functional>
#include <map>
#include <mutex>
#include <nlohmann/json.hpp>
#include <string>

#include "coordinator/cli/scale/kubernetes/kube_access.h"

namespace oodml::cli::scale {

/// Calls of Kubernetes' API server in JSON. Answers of more than 64 MiB are refused.
class KubeApi {
 public:
  using Json = nlohmann::json;
  using Query = std::multimap<std::string, std::string>;

  explicit KubeApi(KubeAccess access) : access_(std::move(access)) {}

  /// `path` is below the namespace of the access: jobs of group "batch/v1", pods of "v1". An answer that is no success
  /// carries the server's own message: kNotFound 404, kAlreadyExists or kAborted 409 (what is there already; what
  /// changed meanwhile), kPermissionDenied 401 and 403, kInvalidArgument 400 and 422, kUnavailable others and no
  /// answer.
  Result<Json> get(const std::string& group, const std::string& path, const Query& query) const;
  Result<Json> create(const std::string& group, const std::string& path, const Json& object) const;
  Result<Json> remove(const std::string& group, const std::string& path, const Json& options) const;

  /// Reads changes, one JSON object each, until `seen` returns false, the server ends the stream, or stop_watching().
  Status watch(const std::string& group, const std::string& path, Query query,
               const std::function<bool(const Json& change)>& seen);
  /// Ends the watch that runs and all later ones; from any thread.
  void stop_watching();
  bool stopped() const;

 private:
  class Watching;

  KubeAccess access_;
  mutable std::mutex mutex_;
  std::function<void()> stop_;  // guarded by mutex_
  bool stopped_ = false;        // likewise
};

}  // namespace oodml::cli::scale
