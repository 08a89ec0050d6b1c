#pragma once

#include <filesystem>
#include <utility>

#include "core/base/result.h"

namespace oodml::worker {

/// Owns an open file, above those that a child's are moved to and closed in whatever is executed.
class Descriptor {
 public:
  Descriptor() = default;
  explicit Descriptor(int fd) : fd_(fd) {}
  Descriptor(Descriptor&& other) noexcept : fd_(std::exchange(other.fd_, -1)) {}
  Descriptor& operator=(Descriptor&& other) noexcept {
    std::swap(fd_, other.fd_);
    return *this;
  }
  ~Descriptor() { reset(); }

  int get() const { return fd_; }
  bool open() const { return fd_ >= 0; }
  void reset();

 private:
  int fd_ = -1;
};

struct Pipe {
  Descriptor read, write;
};
Result<Pipe> make_pipe();

/// Two ends of a socket that keeps messages apart (SOCK_SEQPACKET).
struct SocketPair {
  Descriptor here, there;
};
Result<SocketPair> make_socket_pair();

Result<Descriptor> open_file(const std::filesystem::path& path, int flags);
/// What it holds survives a power cut from here on.
Status sync_file(const std::filesystem::path& path);

}  // namespace oodml::worker
