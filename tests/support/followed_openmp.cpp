// OpenMP's parallel regions as the thread sanitizer has to see them. libgomp is not instrumented: that a thread of its
// team begins after the region was entered, and that the region ends after all of them, is said here. Linked with
// -Wl,--wrap=GOMP_parallel into programs that are built with -fsanitize=thread and know LibTorch.

extern "C" {
void __tsan_acquire(void* address);
void __tsan_release(void* address);
void __real_GOMP_parallel(void (*body)(void*), void* data, unsigned threads, unsigned flags);
}

namespace {

struct Region {
  void (*body)(void*);
  void* data;
};

void run_in_team(void* of_region) {
  __tsan_acquire(of_region);
  const auto* const region = static_cast<const Region*>(of_region);
  region->body(region->data);
  __tsan_release(of_region);
}

}  // namespace

extern "C" void __wrap_GOMP_parallel(void (*body)(void*), void* data, unsigned threads, unsigned flags) {
  Region region{body, data};
  __tsan_release(&region);
  __real_GOMP_parallel(run_in_team, &region, threads, flags);
  __tsan_acquire(&region);
}
