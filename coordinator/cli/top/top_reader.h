#pragma once

#include <condition_variable>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <thread>

#include "coordinator/cli/client.h"
#include "coordinator/cli/top/top_looker.h"
#include "core/base/clock.h"

namespace oodml::cli {

/// Looks at a coordinator every two seconds, on a thread of its own: one that does not answer holds up no key.
class TopReader {
 public:
  /// `looker` has looked once. `client` gives up soon (kPatience). The clock outlives it.
  TopReader(std::unique_ptr<Client> client, TopLooker looker, const Clock& clock);
  ~TopReader();

  struct News {
    std::optional<TopLook> look;  ///< None: nothing new.
    std::string connection;       ///< Empty, or what is wrong with it now.
    std::optional<Status> fatal;  ///< It will not get better: not allowed any more.
  };
  /// What came since the last call.
  News take();

  static constexpr Client::Patience kPatience{.unseen = std::chrono::milliseconds(0),
                                              .known = std::chrono::milliseconds(0),
                                              .deadline = std::chrono::seconds(3)};

 private:
  void loop();
  void tell(Result<TopLook> look);

  const std::unique_ptr<Client> client_;
  TopLooker looker_;  // the thread's
  const Clock& clock_;
  std::mutex mutex_;  // guards what follows
  std::condition_variable wake_;
  News news_;
  bool stopping_ = false;
  std::thread thread_;
};

}  // namespace oodml::cli
