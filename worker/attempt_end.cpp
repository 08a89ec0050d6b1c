#include "worker/attempt_end.h"

#include <spdlog/spdlog.h>

#include <utility>

namespace oodml::worker {

EndReport end_report(const Attempt& attempt, const PendingFinish& finish, std::vector<job::Event> events) {
  const auto upload = attempt.upload();
  return {.request_id = finish.request_id,
          .outcome = finish.outcome,
          .message = finish.message,
          .last_sequence = finish.last_sequence,
          .events = std::move(events),
          .printed_nothing = upload && upload->is_quiet()};
}

void close_reported(Attempt& attempt, const EndReport& end) {
  spdlog::info("attempt reported trial={} attempt={} outcome={} {}", attempt.lease().trial.value,
               attempt.lease().attempt, job::to_text(end.outcome), end.message);
  attempt.close();
}

}  // namespace oodml::worker
