#pragma once

#include <map>
#include <memory>
#include <string>

#include "core/base/result.h"

namespace oodml::coordinator::telling {

/// Sends one message.
class Post {
 public:
  virtual ~Post() = default;
  /// ok when the receiver answered 2xx. Otherwise why not, without the URL: kUnavailable, or kPermissionDenied and
  /// kInvalidArgument for what the receiver refuses. Takes some seconds at most.
  virtual Status send(const std::string& url, const std::map<std::string, std::string>& headers,
                      const std::string& body) = 0;
  /// Ends what is being sent, and what would be sent later, at once. From another thread.
  virtual void cancel() {}
};

/// Over HTTP and HTTPS, by the system's authorities; no redirect is followed.
std::unique_ptr<Post> make_http_post();

}  // namespace oodml::coordinator::telling
