#include <httplib.h>

#include <mutex>

#include "coordinator/telling/post.h"

namespace oodml::coordinator::telling {
namespace {

constexpr time_t kConnectSeconds = 5, kAnswerSeconds = 10;

Status status_of(int code) {
  if (code >= 200 && code < 300) return Status();
  const std::string text = "the receiver answered " + std::to_string(code);
  if (code == 401 || code == 403) return Status(StatusCode::kPermissionDenied, text);
  if (code >= 400 && code < 500 && code != 408 && code != 429) return Status(StatusCode::kInvalidArgument, text);
  return Status(StatusCode::kUnavailable, text);
}

class HttpPost final : public Post {
 public:
  Status send(const std::string& url, const std::map<std::string, std::string>& headers,
              const std::string& body) override {
    const std::size_t path = url.find('/', url.find("://") + 3);
    httplib::Client client(url.substr(0, path));
    if (!client.is_valid()) return invalid_argument("the URL's host cannot be used");
    client.set_connection_timeout(kConnectSeconds);
    client.set_read_timeout(kAnswerSeconds);
    client.set_write_timeout(kAnswerSeconds);
    client.set_follow_location(false);
    const Running running(*this, client);
    if (running.cancelled()) return Status(StatusCode::kCancelled, "the coordinator is stopping");

    httplib::Request request;
    request.method = "POST";
    request.path = path == std::string::npos ? "/" : url.substr(path);
    for (const auto& [name, value] : headers) request.set_header(name, value);
    request.body = body;
    // The code is all that counts: a receiver's body, however long, is not read.
    int code = 0;
    request.response_handler = [&code](const httplib::Response& response) {
      code = response.status;
      return false;
    };
    httplib::Response response;
    httplib::Error error = httplib::Error::Success;
    client.send(request, response, error);
    if (code != 0) return status_of(code);
    return unavailable("no answer (" + httplib::to_string(error) + ")");
  }

  void cancel() override {
    const std::lock_guard lock(mutex_);
    cancelled_ = true;
    if (client_ != nullptr) client_->stop();
  }

 private:
  /// While it lives, cancel() reaches the client.
  class Running {
   public:
    Running(HttpPost& post, httplib::Client& client) : post_(post) {
      const std::lock_guard lock(post_.mutex_);
      post_.client_ = &client;
      cancelled_ = post_.cancelled_;
    }
    ~Running() {
      const std::lock_guard lock(post_.mutex_);
      post_.client_ = nullptr;
    }
    bool cancelled() const { return cancelled_; }

   private:
    HttpPost& post_;
    bool cancelled_ = false;
  };

  std::mutex mutex_;                   // guards what follows
  httplib::Client* client_ = nullptr;  ///< that is sending
  bool cancelled_ = false;
};

}  // namespace

std::unique_ptr<Post> make_http_post() { return std::make_unique<HttpPost>(); }

}  // namespace oodml::coordinator::telling
