#pragma once

#include <httplib.h>

#include <map>
#include <mutex>
#include <nlohmann/json.hpp>
#include <string>
#include <thread>
#include <vector>

namespace oodml::testing {

/// An API server over TLS that keeps Jobs, and is as strict about them as the real one: names, labels, known fields,
/// versions. Watches get what changes.
class FakeKubernetes {
 public:
  using Json = nlohmann::json;

  /// `certificate` and `key` are PEM files for 127.0.0.1; callers bring `token`.
  FakeKubernetes(const std::string& certificate, const std::string& key, std::string token);
  ~FakeKubernetes();

  std::string url() const { return "https://127.0.0.1:" + std::to_string(port_); }
  std::map<std::string, Json> jobs() const;
  /// Merges into the Job's status, and gives it a new version.
  void set_status(const std::string& job, const Json& status);
  /// A pod of the Job, with that status.
  void add_pod(const std::string& job, const Json& status);
  /// The next calls are answered with this code; 0: as usual.
  void fail_with(int code);
  int watchers() const;
  int calls(const std::string& method) const;

 private:
  void answer(httplib::Response& response, int code, const Json& body) const;
  void refuse(httplib::Response& response, int code, const std::string& reason, const std::string& message) const;
  bool admit(const httplib::Request& request, httplib::Response& response);
  void list(const httplib::Request& request, httplib::Response& response);
  void watch(httplib::Response& response);
  void create(const httplib::Request& request, httplib::Response& response);
  void remove(const std::string& name, const httplib::Request& request, httplib::Response& response);
  void changed(const std::string& type, const Json& job);

  httplib::SSLServer server_;
  const std::string token_;
  int port_ = 0;
  std::thread thread_;
  mutable std::mutex mutex_;
  std::condition_variable news_;
  std::map<std::string, Json> jobs_, pods_;  // guarded by mutex_, as all below
  std::vector<std::string> changes_;         // lines for watches
  std::map<std::string, int> calls_;
  std::int64_t version_ = 100;
  int fail_with_ = 0, watchers_ = 0;
  bool over_ = false;
};

}  // namespace oodml::testing
