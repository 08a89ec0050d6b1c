#include "coordinator/telling/send.h"

#include <map>

#include "coordinator/telling/message.h"
#include "core/base/ids.h"

namespace oodml::coordinator::telling {

Status send(const Hook& hook, Post& post, const std::string& kind, const std::string& delivery, const std::string& body,
            Time now) {
  std::map<std::string, std::string> headers = {{"Content-Type", "application/json"},
                                                {"User-Agent", "oodml-coordinator"},
                                                {"X-OODML-Delivery", delivery},
                                                {"X-OODML-Event", kind}};
  if (!hook.secret.empty()) headers["X-OODML-Signature"] = signature_of(hook.secret, now, body);
  return post.send(hook.url, headers, body);
}

Status send_test(const Hook& hook, Post& post, Time now) {
  const std::string delivery = random_hex_128();
  const News news = test(hook.name);
  return send(hook, post, to_text(news.kind), delivery, body_of(news, hook.format, delivery, now), now);
}

}  // namespace oodml::coordinator::telling
