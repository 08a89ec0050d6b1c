#include "core/trial/event_writer.h"

#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <string_view>
#include <system_error>

#include "core/protocol/lines.h"

namespace oodml::trial {
namespace {

Status write_all(int descriptor, std::string_view bytes, const char* name) {
  while (!bytes.empty()) {
    const ssize_t written = ::write(descriptor, bytes.data(), bytes.size());
    if (written < 0 && errno == EINTR) continue;
    if (written < 0) {
      return unavailable(std::string("write an event to ") + name + ": " + std::generic_category().message(errno));
    }
    bytes.remove_prefix(static_cast<std::size_t>(written));
  }
  return {};
}

Console::Mode console_mode(bool has_descriptor) {
  if (isatty(STDERR_FILENO) != 0) return Console::Mode::kTerminal;
  return has_descriptor ? Console::Mode::kSilent : Console::Mode::kLines;
}

/// A process that was killed inside a line leaves it without its end.
Status end_torn_line(int log) {
  struct stat info = {};
  if (fstat(log, &info) != 0) return system_failure("look at events.log", errno);
  char last = '\n';
  if (info.st_size > 0 && pread(log, &last, 1, info.st_size - 1) != 1) return system_failure("read events.log", errno);
  return last == '\n' ? Status() : write_all(log, "\n", "events.log");
}

}  // namespace

bool event_descriptor_is_open() {
  struct stat info = {};
  const int flags = fcntl(protocol::kEventDescriptor, F_GETFL);
  if (flags < 0 || (flags & O_ACCMODE) == O_RDONLY || fstat(protocol::kEventDescriptor, &info) != 0) return false;
  // Many programs leave a log file open as descriptor 3; only a pipe or a socket is meant for us.
  if (!S_ISFIFO(info.st_mode) && !S_ISSOCK(info.st_mode)) return false;
  fcntl(protocol::kEventDescriptor, F_SETFD, FD_CLOEXEC);
  return true;
}

Result<std::unique_ptr<EventWriter>> EventWriter::open(const std::filesystem::path& run_dir, bool has_descriptor,
                                                       const Clock& clock) {
  std::error_code error;
  std::filesystem::create_directories(run_dir, error);
  if (error) return system_failure("create run directory " + run_dir.string(), error.value());
  const std::filesystem::path path = run_dir / "events.log";
  const int log = ::open(path.c_str(), O_RDWR | O_APPEND | O_CREAT | O_CLOEXEC, 0644);
  if (log < 0) return system_failure("open " + path.string(), errno);
  std::unique_ptr<EventWriter> writer(new EventWriter(log, has_descriptor, clock));
  if (flock(log, LOCK_EX | LOCK_NB) != 0 && errno == EWOULDBLOCK) {
    return failed_precondition("another process works in run directory " + run_dir.string());
  }
  OODML_RETURN_IF_ERROR(end_torn_line(log));
  return writer;
}

EventWriter::EventWriter(int log, bool has_descriptor, const Clock& clock)
    : log_(log), has_descriptor_(has_descriptor), console_(console_mode(has_descriptor), 1, clock) {}

EventWriter::~EventWriter() { ::close(log_); }

Status EventWriter::write(const job::EventBody& body) {
  const std::string line = protocol::encode(body);
  const std::lock_guard lock(mutex_);
  Status sent;
  if (has_descriptor_) sent = write_all(protocol::kEventDescriptor, line, "descriptor 3");
  const Status logged = write_all(log_, line, "events.log");
  console_.show(body);
  return sent.ok() ? logged : sent;
}

}  // namespace oodml::trial
