#include "core/warm/sibling.h"

#include <linux/sched.h>
#include <sched.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <cerrno>
#include <cstdint>

#ifndef PR_GET_TID_ADDRESS
#define PR_GET_TID_ADDRESS 40
#endif

namespace oodml::warm {

pid_t make_sibling() {
  // What the C library's fork does beside the call: the copy's own number comes to where the library keeps it, and its
  // list of robust locks is told to the kernel again.
  void* thread_number = nullptr;
  void* robust_list = nullptr;
  std::size_t robust_size = 0;
  if (::prctl(PR_GET_TID_ADDRESS, &thread_number, 0, 0, 0) != 0) return -1;
  if (::syscall(SYS_get_robust_list, 0, &robust_list, &robust_size) != 0) return -1;

  clone_args arguments{};
  arguments.flags = CLONE_PARENT | CLONE_CHILD_SETTID | CLONE_CHILD_CLEARTID;
  arguments.child_tid = reinterpret_cast<std::uintptr_t>(thread_number);
  const long pid = ::syscall(SYS_clone3, &arguments, sizeof(arguments));
  if (pid == 0) ::syscall(SYS_set_robust_list, robust_list, robust_size);
  return static_cast<pid_t>(pid);
}

long count_threads() {
  struct stat threads{};
  // A folder has a link from each of its subfolders, one a thread, and two of its own.
  return ::stat("/proc/self/task", &threads) == 0 ? static_cast<long>(threads.st_nlink) - 2 : -1;
}

}  // namespace oodml::warm
