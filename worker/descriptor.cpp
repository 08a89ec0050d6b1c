#include "worker/descriptor.h"

#include <fcntl.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <cerrno>

namespace oodml::worker {
namespace {

constexpr int kFirstPrivate = 10;

Descriptor raised(int fd) {
  const int high = ::fcntl(fd, F_DUPFD_CLOEXEC, kFirstPrivate);
  ::close(fd);
  return Descriptor(high);
}

}  // namespace

void Descriptor::reset() {
  if (fd_ >= 0) ::close(std::exchange(fd_, -1));
}

Result<Pipe> make_pipe() {
  std::array<int, 2> ends{};
  if (::pipe2(ends.data(), O_CLOEXEC) != 0) return system_failure("make a pipe", errno);
  Pipe pipe{raised(ends[0]), raised(ends[1])};
  if (!pipe.read.open() || !pipe.write.open()) return system_failure("make a pipe", errno);
  return pipe;
}

Result<SocketPair> make_socket_pair() {
  std::array<int, 2> ends{};
  if (::socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, ends.data()) != 0) {
    return system_failure("make a pair of sockets", errno);
  }
  SocketPair pair{raised(ends[0]), raised(ends[1])};
  if (!pair.here.open() || !pair.there.open()) return system_failure("make a pair of sockets", errno);
  return pair;
}

Result<Descriptor> open_file(const std::filesystem::path& path, int flags) {
  const int fd = ::open(path.c_str(), flags | O_CLOEXEC, 0644);
  if (fd < 0) return system_failure("open " + path.string(), errno);
  return raised(fd);
}

Status sync_file(const std::filesystem::path& path) {
  OODML_ASSIGN_OR_RETURN(const Descriptor file, open_file(path, O_RDONLY));
  if (::fsync(file.get()) != 0) return system_failure("fsync " + path.string(), errno);
  return {};
}

}  // namespace oodml::worker
