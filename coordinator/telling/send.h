#pragma once

#include <string>

#include "coordinator/telling/hooks.h"
#include "coordinator/telling/post.h"
#include "core/base/clock.h"

namespace oodml::coordinator::telling {

/// One try to send `body` to the hook, signed as of `now`. Failures as Post::send.
Status send(const Hook& hook, Post& post, const std::string& kind, const std::string& delivery, const std::string& body,
            Time now);
/// A message of kind test, now and once.
Status send_test(const Hook& hook, Post& post, Time now);

}  // namespace oodml::coordinator::telling
