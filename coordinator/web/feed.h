#pragma once

#include <optional>
#include <vector>

#include "coordinator/web/mailbox.h"
#include "core/base/clock.h"
#include "core/base/result.h"

namespace oodml::coordinator::web {

/// Where one stream gets its messages from, until it is destroyed.
class Feed {
 public:
  virtual ~Feed() = default;
  /// As Mailbox.
  virtual std::vector<StreamMessage> take(Duration patience) = 0;
  virtual std::optional<Status> ended() const = 0;
};

}  // namespace oodml::coordinator::web
