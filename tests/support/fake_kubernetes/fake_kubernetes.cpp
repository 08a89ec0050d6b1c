#include "tests/support/fake_kubernetes/fake_kubernetes.h"

#include <regex>
#include <set>

namespace oodml::testing {
namespace {

using Json = nlohmann::json;

constexpr const char* kJobs = "/apis/batch/v1/namespaces/lab/jobs";

/// Fields that a Job and its pod may have; the real server refuses others under strict validation.
const std::set<std::string> kJobSpec = {
    "activeDeadlineSeconds", "backoffLimit",         "completions", "completionMode", "parallelism",
    "podFailurePolicy",      "podReplacementPolicy", "suspend",     "template",       "ttlSecondsAfterFinished"};
const std::set<std::string> kPodSpec = {"automountServiceAccountToken",
                                        "containers",
                                        "imagePullSecrets",
                                        "nodeSelector",
                                        "priorityClassName",
                                        "restartPolicy",
                                        "runtimeClassName",
                                        "securityContext",
                                        "serviceAccountName",
                                        "terminationGracePeriodSeconds",
                                        "tolerations",
                                        "volumes"};

std::string unknown_field(const Json& object, const std::set<std::string>& known) {
  for (const auto& [key, value] : object.items()) {
    if (!known.contains(key)) return key;
  }
  return "";
}

bool is_label(const Json& value) {
  static const std::regex kLabel("([A-Za-z0-9]([A-Za-z0-9_.-]{0,61}[A-Za-z0-9])?)?");
  return value.is_string() && std::regex_match(value.get<std::string>(), kLabel);
}

/// Why the real server would refuse the Job; empty: it would not.
std::string fault_of(const Json& job) {
  static const std::regex kName("[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?");
  if (job.value("apiVersion", "") != "batch/v1" || job.value("kind", "") != "Job") return "no Job of batch/v1";
  if (!std::regex_match(job.at("metadata").value("name", ""), kName)) return "metadata.name: Invalid value";
  for (const char* place : {"/metadata/labels", "/spec/template/metadata/labels"}) {
    const Json labels = job.value(Json::json_pointer(place), Json::object());
    for (const auto& [key, value] : labels.items()) {
      if (!is_label(value)) return std::string(place) + ": Invalid value of " + key;
    }
  }
  const Json& spec = job.at("spec");
  const Json& pod = spec.at("template").at("spec");
  if (const auto field = unknown_field(spec, kJobSpec); !field.empty()) return "unknown field spec." + field;
  if (const auto field = unknown_field(pod, kPodSpec); !field.empty()) return "unknown field template.spec." + field;
  if (pod.value("restartPolicy", "") != "Never") return "restartPolicy: Required value with podFailurePolicy: Never";
  for (const Json& container : pod.at("containers")) {
    for (const Json& argument : container.value("args", Json::array())) {
      if (!argument.is_string()) return "args: strings wanted";
    }
  }
  return "";
}

}  // namespace

FakeKubernetes::FakeKubernetes(const std::string& certificate, const std::string& key, std::string token)
    : server_(certificate.c_str(), key.c_str()), token_(std::move(token)) {
  server_.Get(kJobs, [this](const auto& request, auto& response) {
    if (!admit(request, response)) return;
    request.has_param("watch") ? watch(response) : list(request, response);
  });
  server_.Get(R"(/apis/batch/v1/namespaces/lab/jobs/([a-z0-9-]+))", [this](const auto& request, auto& response) {
    if (!admit(request, response)) return;
    const std::lock_guard lock(mutex_);
    const auto job = jobs_.find(request.matches[1].str());
    if (job == jobs_.end()) return refuse(response, 404, "NotFound", "jobs.batch not found");
    answer(response, 200, job->second);
  });
  server_.Get("/api/v1/namespaces/lab/pods", [this](const auto& request, auto& response) {
    if (!admit(request, response)) return;
    const std::lock_guard lock(mutex_);
    Json items = Json::array();
    for (const auto& [name, pod] : pods_) items.push_back(pod);
    answer(response, 200, {{"kind", "PodList"}, {"items", items}});
  });
  server_.Post(kJobs, [this](const auto& request, auto& response) {
    if (admit(request, response)) create(request, response);
  });
  server_.Delete(R"(/apis/batch/v1/namespaces/lab/jobs/([a-z0-9-]+))", [this](const auto& request, auto& response) {
    if (admit(request, response)) remove(request.matches[1].str(), request, response);
  });
  port_ = server_.bind_to_any_port("127.0.0.1");
  thread_ = std::thread([this] { server_.listen_after_bind(); });
  while (!server_.is_running()) std::this_thread::sleep_for(std::chrono::milliseconds(1));
}

FakeKubernetes::~FakeKubernetes() {
  {
    const std::lock_guard lock(mutex_);
    over_ = true;
  }
  news_.notify_all();
  server_.stop();
  thread_.join();
}

void FakeKubernetes::answer(httplib::Response& response, int code, const Json& body) const {
  response.status = code;
  response.set_content(body.dump(), "application/json");
}

void FakeKubernetes::refuse(httplib::Response& response, int code, const std::string& reason,
                            const std::string& message) const {
  answer(response, code, {{"kind", "Status"}, {"reason", reason}, {"message", message}, {"code", code}});
}

bool FakeKubernetes::admit(const httplib::Request& request, httplib::Response& response) {
  const std::lock_guard lock(mutex_);
  ++calls_[request.method];
  if (fail_with_ != 0) {
    refuse(response, fail_with_, "InternalError", "etcdserver: request timed out");
    return false;
  }
  if (request.get_header_value("Authorization") == "Bearer " + token_) return true;
  refuse(response, 401, "Unauthorized", "Unauthorized");
  return false;
}

void FakeKubernetes::list(const httplib::Request& request, httplib::Response& response) {
  const std::lock_guard lock(mutex_);
  const std::string selector = request.get_param_value("labelSelector");
  const std::string key = selector.substr(0, selector.find('=')), value = selector.substr(selector.find('=') + 1);
  Json items = Json::array();
  for (const auto& [name, job] : jobs_) {
    if (job.at("metadata").value("labels", Json::object()).value(key, "") == value) items.push_back(job);
  }
  answer(response, 200,
         {{"kind", "JobList"}, {"metadata", {{"resourceVersion", std::to_string(version_)}}}, {"items", items}});
}

void FakeKubernetes::watch(httplib::Response& response) {
  std::size_t told = 0;
  {
    const std::lock_guard lock(mutex_);
    told = changes_.size();
    ++watchers_;
  }
  response.set_chunked_content_provider("application/json", [this, told](std::size_t, httplib::DataSink& sink) mutable {
    std::unique_lock lock(mutex_);
    news_.wait(lock, [&] { return over_ || told < changes_.size(); });
    if (over_) return false;
    const std::string line = changes_[told++];
    lock.unlock();
    return sink.write(line.data(), line.size());
  });
}

void FakeKubernetes::create(const httplib::Request& request, httplib::Response& response) {
  Json job = Json::parse(request.body, nullptr, false);
  std::string fault = "the body is no object";
  try {
    if (job.is_object()) fault = fault_of(job);
  } catch (const Json::exception& error) {
    fault = error.what();
  }
  if (!fault.empty()) return refuse(response, 422, "Invalid", "Job.batch is invalid: " + fault);
  const std::lock_guard lock(mutex_);
  const std::string name = job["metadata"]["name"];
  if (jobs_.contains(name)) return refuse(response, 409, "AlreadyExists", "jobs.batch already exists");
  job["metadata"]["resourceVersion"] = std::to_string(++version_);
  job["status"] = Json::object();
  changed("ADDED", jobs_[name] = job);
  answer(response, 201, job);
}

void FakeKubernetes::remove(const std::string& name, const httplib::Request& request, httplib::Response& response) {
  const Json options = Json::parse(request.body, nullptr, false);
  const std::lock_guard lock(mutex_);
  const auto job = jobs_.find(name);
  if (job == jobs_.end()) return refuse(response, 404, "NotFound", "jobs.batch not found");
  const auto wanted = options.value("/preconditions/resourceVersion"_json_pointer, "");
  if (!wanted.empty() && wanted != job->second["metadata"]["resourceVersion"]) {
    return refuse(response, 409, "Conflict", "Precondition failed");
  }
  changed("DELETED", job->second);
  jobs_.erase(job);
  answer(response, 200, {{"kind", "Status"}, {"status", "Success"}});
}

/// Under the mutex.
void FakeKubernetes::changed(const std::string& type, const Json& job) {
  changes_.push_back(Json({{"type", type}, {"object", job}}).dump() + "\n");
  news_.notify_all();
}

std::map<std::string, Json> FakeKubernetes::jobs() const {
  const std::lock_guard lock(mutex_);
  return jobs_;
}

void FakeKubernetes::set_status(const std::string& job, const Json& status) {
  const std::lock_guard lock(mutex_);
  Json& object = jobs_.at(job);
  object["status"].update(status);
  object["metadata"]["resourceVersion"] = std::to_string(++version_);
  changed("MODIFIED", object);
}

void FakeKubernetes::add_pod(const std::string& job, const Json& status) {
  const std::lock_guard lock(mutex_);
  Json labels = jobs_.at(job)["spec"]["template"]["metadata"]["labels"];
  labels["job-name"] = job;
  pods_[job + "-pod"] = {
      {"kind", "Pod"}, {"metadata", {{"name", job + "-pod"}, {"labels", labels}}}, {"status", status}};
}

void FakeKubernetes::fail_with(int code) {
  const std::lock_guard lock(mutex_);
  fail_with_ = code;
}

int FakeKubernetes::watchers() const {
  const std::lock_guard lock(mutex_);
  return watchers_;
}

int FakeKubernetes::calls(const std::string& method) const {
  const std::lock_guard lock(mutex_);
  const auto found = calls_.find(method);
  return found == calls_.end() ? 0 : found->second;
}

}  // namespace oodml::testing
