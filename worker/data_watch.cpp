#include "worker/data_watch.h"

#include "core/identity/weights_file.h"
#include "worker/plain_name.h"
#include "worker/weights_scan.h"

namespace oodml::worker {

namespace fs = std::filesystem;

DataWatch::DataWatch(DataPlaces places, const Clock& clock, Duration every)
    : places_(std::move(places)),
      every_(every),
      reader_(places_.memory, clock),
      thread_([this](const std::stop_token& stop) { watch(stop); }) {}

job::DataStamps DataWatch::now() const {
  const std::lock_guard lock(mutex_);
  return now_;
}

void DataWatch::watch(const std::stop_token& stop) {
  while (!stop.stop_requested()) {
    look(stop);
    std::unique_lock lock(mutex_);
    wake_.wait_for(lock, stop, every_, [] { return false; });
  }
}

void DataWatch::look(const std::stop_token& stop) {
  job::DataStamps stamps;
  for (const auto& [name, program] : places_.programs) reader_.add_program(name, program.file, stamps);
  std::error_code error, ignored;
  for (fs::directory_iterator entry(places_.benchmarks_root, error), end; !error && entry != end;
       entry.increment(error)) {
    if (stop.stop_requested()) return;
    const std::string name = entry->path().filename().native();
    if (!is_plain_name(name) || !entry->is_directory(ignored)) continue;
    reader_.add_benchmark(name, entry->path(), stamps);
    publish(stamps, /*is_all=*/false);
  }
  for (const std::string& name : weights_below(places_.weights_root).names) {
    if (stop.stop_requested()) return;
    if (const auto file = identity::weights_file(places_.weights_root, name)) reader_.add_weights(name, *file, stamps);
    publish(stamps, /*is_all=*/false);
  }
  publish(stamps, /*is_all=*/true);
}

/// What is not in `stamps` yet keeps its earlier hash until the look is over.
void DataWatch::publish(const job::DataStamps& stamps, bool is_all) {
  const std::lock_guard lock(mutex_);
  if (is_all) now_ = stamps;
  for (const auto& [what, hash] : stamps) now_[what] = hash;
}

}  // namespace oodml::worker
