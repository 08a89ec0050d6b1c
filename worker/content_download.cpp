#include "worker/content_download.h"

#include <spdlog/spdlog.h>

#include <cerrno>
#include <cmath>
#include <fstream>
#include <random>

#include "core/base/atomic_file.h"
#include "core/base/sha256.h"

namespace oodml::worker {
namespace {

constexpr auto kPatience = std::chrono::minutes(10);

Result<std::string> chunk(Session& session, const Attempt& attempt, const std::string& sha256, std::int64_t offset) {
  Backoff backoff(std::chrono::milliseconds(200), std::chrono::seconds(15), std::random_device{}());
  const SteadyTime give_up = session.clock.steady_now() + kPatience;
  const auto stopped = [&] { return attempt.stop() != StopReason::kNone || session.draining.load(); };
  while (true) {
    if (stopped()) return failure(StatusCode::kCancelled, "the attempt is to stop");
    std::string data;
    const Status answer = session.ask([&] {
      auto got = session.client.take_chunk(attempt.lease(), sha256, offset);
      if (got) data = *std::move(got);
      return detail::status_of(got);
    });
    if (answer.ok()) return data;
    if (!may_work_later(answer.code()) || session.clock.steady_now() >= give_up) return failure(answer);
    session.pause(backoff.next(), stopped);
  }
}

}  // namespace

Status download_content(Session& session, const Attempt& attempt, const WantedContent& wanted,
                        const std::filesystem::path& to) {
  OODML_RETURN_IF_ERROR(make_folders(to.parent_path()));
  std::ofstream out(to, std::ios::binary | std::ios::trunc);
  for (std::int64_t offset = 0; offset < wanted.bytes;) {
    OODML_ASSIGN_OR_RETURN(const std::string data, chunk(session, attempt, wanted.sha256, offset));
    offset += static_cast<std::int64_t>(data.size());
    if (data.empty() || offset > wanted.bytes) {
      return {StatusCode::kDataLoss, wanted.name + " does not have the " + std::to_string(wanted.bytes) +
                                         " bytes that the coordinator promised"};
    }
    if (!out.write(data.data(), static_cast<std::streamsize>(data.size()))) break;
  }
  out.close();
  if (!out) return system_failure("write " + to.string(), errno);
  OODML_ASSIGN_OR_RETURN(const std::string sha256, sha256_hex_of_file(to));
  if (sha256 == wanted.sha256) return {};
  return {StatusCode::kDataLoss, wanted.name + " does not have the hash that the coordinator promised"};
}

void say(Session& session, Attempt& attempt, job::EventBody body) {
  const Status told = attempt.spool().append(session.clock.now(), std::move(body), session.clock.steady_now());
  if (!told.ok()) spdlog::warn("an event is not told trial={} error={}", attempt.lease().trial.value, told.message());
}

void say_fetching(Session& session, Attempt& attempt, const job::LeasedTrial& leased, std::int64_t epoch) {
  say(session, attempt,
      job::Progress{.epoch = epoch,
                    .epochs_total = leased.spec.values.value_or<std::int64_t>("epochs", 0),
                    .loss = NAN,
                    .phase = "fetching"});
}

}  // namespace oodml::worker
