// The functions of the C library that change files, replaced: each asks judge() first and then makes the system call.
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/types.h>
#include <sys/uio.h>
#include <unistd.h>

#include <string>

#include "tests/support/faulty_disk/shim/rules.h"

namespace oodml::faulty_disk {
namespace {

int failed(int error) {
  errno = error;
  return -1;
}

/// `make_call` unless a rule says otherwise. What has no half dies before it began; what is lied about is not made.
template <typename MakeCall, typename... Where>
long judged(MakeCall make_call, Call call, Where... where) {
  const Verdict verdict = judge(call, where...);
  if (verdict.deed == Deed::kFail) return failed(verdict.error);
  if (verdict.deed == Deed::kTear) die();
  return verdict.deed == Deed::kLie ? 0 : make_call();
}

// The journal that PowerCut (power_cut.h) reads: an entry is `WHAT PATH... SIZE`, a line, then SIZE bytes.

void record_write(int descriptor, const void* bytes, size_t size, off64_t offset) {
  const std::string path = path_of(descriptor);
  if (is_recorded(path.c_str())) record("write " + path + " " + std::to_string(offset), bytes, size);
}

void record_truncate(const std::string& path, off64_t length) {
  if (is_recorded(path.c_str())) record("truncate " + path + " " + std::to_string(length), "", 0);
}

void record_name(const char* what, const std::string& path) {
  if (is_recorded(path.c_str())) record(what + (" " + path), "", 0);
}

/// Where the next write() of a file goes.
off64_t place_of(int descriptor) {
  const bool at_end = (fcntl(descriptor, F_GETFL) & O_APPEND) != 0;
  return syscall(SYS_lseek, descriptor, 0, at_end ? SEEK_END : SEEK_CUR);
}

int open_at(int folder, const char* path, int flags, mode_t mode) {
  const auto make_call = [&] { return syscall(SYS_openat, folder, path, flags, mode); };
  if ((flags & O_ACCMODE) == O_RDONLY && (flags & O_CREAT) == 0) return static_cast<int>(make_call());
  struct stat about{};
  const int kept = errno;
  const bool is_new = (flags & O_CREAT) != 0 && fstatat(folder, path, &about, 0) != 0;
  errno = kept;
  const int descriptor = static_cast<int>(judged(make_call, Call::kOpen, path));
  if (descriptor >= 0 && is_new) record_name("create", path_of(descriptor));
  if (descriptor >= 0 && !is_new && (flags & O_TRUNC) != 0) record_truncate(path_of(descriptor), 0);
  return descriptor;
}

/// fsync and fdatasync, which are written down once they were honest.
int synced(long number, Call call, int descriptor) {
  const auto make_call = [&] {
    const long status = syscall(number, descriptor);
    if (status == 0) record_name("sync", path_of(descriptor));
    return status;
  };
  return static_cast<int>(judged(make_call, call, descriptor));
}

/// The mode of an open that makes files.
mode_t mode_of(int flags, va_list arguments) {
  const bool has_mode = (flags & O_CREAT) != 0 || (flags & O_TMPFILE) == O_TMPFILE;
  return has_mode ? va_arg(arguments, mode_t) : 0;
}

template <typename Write>
ssize_t judged_write(Write write, Call call, int descriptor, size_t size) {
  const Verdict verdict = judge(call, descriptor);
  if (verdict.deed == Deed::kFail) return failed(verdict.error);
  if (verdict.deed != Deed::kTear) return write(size);
  write(size / 2);
  die();
}

int rename_at(int from_folder, const char* from, int to_folder, const char* to, unsigned flags) {
  const auto make_call = [&] {
    const long status = syscall(SYS_renameat2, from_folder, from, to_folder, to, flags);
    const std::string names = from + std::string(" ") + to;
    if (status == 0 && flags == 0 && is_recorded(to)) record("rename " + names, "", 0);
    return status;
  };
  return static_cast<int>(judged(make_call, Call::kRename, from, to));
}

int unlink_at(int folder, const char* path, int flags) {
  const Call call = (flags & AT_REMOVEDIR) != 0 ? Call::kRmdir : Call::kUnlink;
  const auto make_call = [&] {
    const long status = syscall(SYS_unlinkat, folder, path, flags);
    if (status == 0 && call == Call::kUnlink) record_name("unlink", path);
    return status;
  };
  return static_cast<int>(judged(make_call, call, path));
}

int truncate_to(int descriptor, off64_t length) {
  const auto make_call = [&] {
    record_truncate(path_of(descriptor), length);
    return syscall(SYS_ftruncate, descriptor, length);
  };
  return static_cast<int>(judged(make_call, Call::kFtruncate, descriptor));
}

ssize_t write_at(int descriptor, const void* bytes, size_t size, off64_t offset) {
  const auto write = [&](size_t part) {
    record_write(descriptor, bytes, part, offset);
    return syscall(SYS_pwrite64, descriptor, bytes, part, offset);
  };
  return judged_write(write, Call::kPwrite, descriptor, size);
}

FILE* open_stream(const char* name, const char* path, const char* mode) {
  // Its later writes are made inside the C library and cannot be seen.
  using Open = FILE* (*)(const char*, const char*);
  const auto real = reinterpret_cast<Open>(dlsym(RTLD_NEXT, name));
  if (strpbrk(mode, "wa+") == nullptr) return real(path, mode);
  const Verdict verdict = judge(Call::kOpen, path);
  if (verdict.deed == Deed::kPass) return real(path, mode);
  if (verdict.deed == Deed::kTear) die();
  errno = verdict.error;
  return nullptr;
}

}  // namespace
}  // namespace oodml::faulty_disk

using namespace oodml::faulty_disk;

extern "C" {

int open(const char* path, int flags, ...) {
  va_list arguments;
  va_start(arguments, flags);
  const mode_t mode = mode_of(flags, arguments);
  va_end(arguments);
  return open_at(AT_FDCWD, path, flags, mode);
}
int open64(const char* path, int flags, ...) {
  va_list arguments;
  va_start(arguments, flags);
  const mode_t mode = mode_of(flags, arguments);
  va_end(arguments);
  return open_at(AT_FDCWD, path, flags, mode);
}
int openat(int folder, const char* path, int flags, ...) {
  va_list arguments;
  va_start(arguments, flags);
  const mode_t mode = mode_of(flags, arguments);
  va_end(arguments);
  return open_at(folder, path, flags, mode);
}
int openat64(int folder, const char* path, int flags, ...) {
  va_list arguments;
  va_start(arguments, flags);
  const mode_t mode = mode_of(flags, arguments);
  va_end(arguments);
  return open_at(folder, path, flags, mode);
}
FILE* fopen(const char* path, const char* mode) { return open_stream("fopen", path, mode); }
FILE* fopen64(const char* path, const char* mode) { return open_stream("fopen64", path, mode); }

ssize_t write(int descriptor, const void* bytes, size_t size) {
  const auto make_call = [&](size_t part) {
    record_write(descriptor, bytes, part, place_of(descriptor));
    return syscall(SYS_write, descriptor, bytes, part);
  };
  return judged_write(make_call, Call::kWrite, descriptor, size);
}
ssize_t writev(int descriptor, const struct iovec* pieces, int count) {
  // Torn: its first half of the pieces.
  const auto write = [&](size_t part) { return syscall(SYS_writev, descriptor, pieces, part); };
  return judged_write(write, Call::kWrite, descriptor, static_cast<size_t>(count));
}
ssize_t pwrite(int descriptor, const void* bytes, size_t size, off_t offset) {
  return write_at(descriptor, bytes, size, offset);
}
ssize_t pwrite64(int descriptor, const void* bytes, size_t size, off64_t offset) {
  return write_at(descriptor, bytes, size, offset);
}

int fsync(int descriptor) { return synced(SYS_fsync, Call::kFsync, descriptor); }
int fdatasync(int descriptor) { return synced(SYS_fdatasync, Call::kFdatasync, descriptor); }
int ftruncate(int descriptor, off_t length) noexcept { return truncate_to(descriptor, length); }
int ftruncate64(int descriptor, off64_t length) noexcept { return truncate_to(descriptor, length); }
int truncate(const char* path, off_t length) noexcept {
  const auto make_call = [&] {
    record_truncate(path, length);
    return syscall(SYS_truncate, path, length);
  };
  return static_cast<int>(judged(make_call, Call::kFtruncate, path));
}

int rename(const char* from, const char* to) noexcept { return rename_at(AT_FDCWD, from, AT_FDCWD, to, 0); }
int renameat(int from_folder, const char* from, int to_folder, const char* to) noexcept {
  return rename_at(from_folder, from, to_folder, to, 0);
}
int renameat2(int from_folder, const char* from, int to_folder, const char* to, unsigned flags) noexcept {
  return rename_at(from_folder, from, to_folder, to, flags);
}

int unlink(const char* path) noexcept { return unlink_at(AT_FDCWD, path, 0); }
int unlinkat(int folder, const char* path, int flags) noexcept { return unlink_at(folder, path, flags); }
int rmdir(const char* path) noexcept { return unlink_at(AT_FDCWD, path, AT_REMOVEDIR); }
int remove(const char* path) noexcept {
  struct stat about{};
  const bool folder = lstat(path, &about) == 0 && S_ISDIR(about.st_mode);
  return unlink_at(AT_FDCWD, path, folder ? AT_REMOVEDIR : 0);
}
int mkdir(const char* path, mode_t mode) noexcept {
  return static_cast<int>(judged([&] { return syscall(SYS_mkdirat, AT_FDCWD, path, mode); }, Call::kMkdir, path));
}
int mkdirat(int folder, const char* path, mode_t mode) noexcept {
  return static_cast<int>(judged([&] { return syscall(SYS_mkdirat, folder, path, mode); }, Call::kMkdir, path));
}

}  // extern "C"
