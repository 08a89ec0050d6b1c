#include "worker/output_feed.h"

#include <fcntl.h>
#include <spdlog/spdlog.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <set>

namespace oodml::worker {
namespace {

namespace fs = std::filesystem;

constexpr auto kLook = std::chrono::seconds(1);
constexpr auto kNoService = std::chrono::minutes(10);
constexpr std::int64_t kPiece = 256 << 10;
constexpr int kPiecesOfALook = 16;  // then it is another trial's turn

std::int64_t size_of(const fs::path& file) {
  std::error_code error;
  const auto size = fs::file_size(file, error);
  return error ? 0 : static_cast<std::int64_t>(size);
}

Result<std::string> read_piece(const fs::path& file, std::int64_t offset, std::int64_t size) {
  const int fd = ::open(file.c_str(), O_RDONLY | O_CLOEXEC);
  if (fd < 0) return system_failure("open " + file.string(), errno);
  std::string piece(static_cast<std::size_t>(std::min(size, kPiece)), '\0');
  const ssize_t count = ::pread(fd, piece.data(), piece.size(), offset);
  const int error = errno;
  ::close(fd);
  if (count < 0) return system_failure("read " + file.string(), error);
  piece.resize(static_cast<std::size_t>(count));
  return piece;
}

}  // namespace

void OutputFeed::run() {
  const auto ended = [&] { return session_.ended.load(); };
  while (!ended()) {
    const auto ends = [&] {
      const SteadyTime now = session_.clock.steady_now();
      return std::ranges::any_of(session_.uploads.open(), [&](const auto& upload) {
        return upload->outcome() && upload->output() == Upload::Progress::kMoving && !upload->overtaken() &&
               now >= places_[upload->lease().id].not_before;
      });
    };
    session_.bell.wait_until(session_.clock.steady_now() + kLook, [&] { return ended() || ends(); });
    std::set<LeaseId> open;
    for (const auto& upload : session_.uploads.open()) {
      if (ended()) return;
      open.insert(upload->lease().id);
      feed(*upload, places_[upload->lease().id]);
    }
    std::erase_if(places_, [&](const auto& place) { return !open.contains(place.first); });
  }
}

void OutputFeed::feed(Upload& upload, Place& place) {
  if (upload.output() == Upload::Progress::kSent || upload.overtaken()) return;
  if (session_.clock.steady_now() < place.not_before) return;
  if (const Status told = tell_news(upload, place); !told.ok()) return note_failure(upload, place, told);
  place.backoff.reset();
  if (upload.output() == Upload::Progress::kPutOff) upload.set_output(Upload::Progress::kMoving);
}

Status OutputFeed::tell_news(Upload& upload, Place& place) {
  const bool over = upload.outcome().has_value();  // asked before the size: nothing is printed after the end
  const fs::path log = upload.folder().run() / "log.txt";
  std::int64_t size = size_of(log);
  if (!place.known) {
    if (size == 0 && !over) return {};
    OODML_RETURN_IF_ERROR(tell(upload, place, "", false));
    place.read = std::min(place.told, size);
    place.known = true;
  }
  if (size < place.read) place.read = 0;  // it was cut: its head is told again, with the note that says so
  for (int i = 0; i < kPiecesOfALook && place.read < size; ++i) {
    OODML_ASSIGN_OR_RETURN(const std::string piece, read_piece(log, place.read, size - place.read));
    if (piece.empty()) break;
    const std::int64_t before = place.told;
    OODML_RETURN_IF_ERROR(tell(upload, place, piece, false));
    place.read += place.told - before;
  }
  if (!over || place.read < size) return {};
  OODML_RETURN_IF_ERROR(tell(upload, place, "", true));
  upload.set_output(Upload::Progress::kSent);
  session_.bell.ring();
  return {};
}

/// Moves `told` to where the coordinator is.
Status OutputFeed::tell(Upload& upload, Place& place, std::string_view data, bool over) {
  std::int64_t next = 0;
  OODML_RETURN_IF_ERROR(session_.ask([&] {
    const auto answer = session_.client.append_output(upload.lease(), place.told, data, over);
    next = answer.value_or(0);
    return detail::status_of(answer);
  }));
  if (!place.known) {
    place.told = std::max<std::int64_t>(0, next);
    return {};
  }
  if (next < place.told) {  // its disk is of an earlier time
    place.known = false;
    return unavailable("the coordinator has less output than it was told");
  }
  if (next == place.told && !data.empty()) {
    return internal_error("the coordinator did not take output at " + std::to_string(place.told));
  }
  place.told = std::min(next, place.told + static_cast<std::int64_t>(data.size()));
  return {};
}

void OutputFeed::note_failure(Upload& upload, Place& place, const Status& why) {
  if (why.code() == StatusCode::kAborted) return upload.overtake();
  const bool away = may_work_later(why.code()) && why.code() != StatusCode::kResourceExhausted;
  if (!away && upload.output() != Upload::Progress::kPutOff) {
    spdlog::warn("output is not told trial={} attempt={} error={}", upload.lease().trial.value, upload.lease().attempt,
                 why.message());
    upload.set_output(Upload::Progress::kPutOff);
  }
  const Duration pause = why.code() == StatusCode::kUnimplemented ? Duration(kNoService) : place.backoff.next();
  place.not_before = session_.clock.steady_now() + pause;
}

}  // namespace oodml::worker
