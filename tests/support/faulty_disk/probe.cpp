// What faulty_disk_test runs on the faulty disk: nine calls that change files, one after the other, in the folder it is
// given. Prints `STEP ok` or `STEP ERROR` for each, then `wall MILLIS` by each way to ask for the time.
#include <fcntl.h>
#include <sys/stat.h>
#include <sys/time.h>
#include <time.h>
#include <unistd.h>

#include <cerrno>
#include <chrono>
#include <cstdio>
#include <cstring>
#include <string>

namespace {

void tell(const char* step, long result) {
  std::printf("%s %s\n", step, result >= 0 ? "ok" : strerrorname_np(errno));
  std::fflush(stdout);
}

}  // namespace

int main(int argc, char** argv) {
  if (argc != 2) return 2;
  const std::string folder = argv[1], part = folder + "/part", file = part + "/file", fresh = part + "/fresh";
  tell("mkdir", ::mkdir(part.c_str(), 0755));
  const int descriptor = ::open(fresh.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0644);
  tell("open", descriptor);
  tell("write", ::write(descriptor, "0123456789", 10));
  tell("pwrite", ::pwrite(descriptor, "abcdefghij", 10, 10));
  tell("ftruncate", ::ftruncate(descriptor, 15));
  tell("fsync", ::fsync(descriptor));
  tell("rename", ::rename(fresh.c_str(), file.c_str()));
  tell("unlink", ::unlink(file.c_str()));
  tell("rmdir", ::rmdir(part.c_str()));

  timespec now{};
  ::clock_gettime(CLOCK_REALTIME, &now);
  timeval day{};
  ::gettimeofday(&day, nullptr);
  using namespace std::chrono;
  std::printf("wall %lld\nwall %lld\nwall %lld\nwall %lld\n", static_cast<long long>(now.tv_sec) * 1000,
              static_cast<long long>(day.tv_sec) * 1000, static_cast<long long>(::time(nullptr)) * 1000,
              static_cast<long long>(duration_cast<milliseconds>(system_clock::now().time_since_epoch()).count()));
  ::clock_gettime(CLOCK_MONOTONIC, &now);
  std::printf("steady %lld\n", static_cast<long long>(now.tv_sec) * 1000);
}
