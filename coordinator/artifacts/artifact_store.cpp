#include "coordinator/artifacts/artifact_store.h"

#include <spdlog/spdlog.h>

#include <utility>

#include "coordinator/store/file_table.h"

namespace oodml::coordinator::artifacts {
namespace {

constexpr Duration kBetweenCollections = std::chrono::hours(1);

}  // namespace

std::filesystem::path root_of(const ArtifactOptions& options, const std::filesystem::path& database) {
  return options.root.empty() ? std::filesystem::path(database.string() + ".artifacts") : options.root;
}

Result<std::unique_ptr<ArtifactStore>> ArtifactStore::open(store::JobStore& store, const ArtifactOptions& options,
                                                           const Clock& clock) {
  const std::filesystem::path root = root_of(options, store.path());
  OODML_ASSIGN_OR_RETURN(auto contents, ContentStore::open(root, options.limits, clock));
  std::unique_ptr<ArtifactStore> artifacts(new ArtifactStore(store, std::move(contents), root, options, clock));
  OODML_RETURN_IF_ERROR(artifacts->outputs_.prepare());
  artifacts->thread_ = std::thread([all = artifacts.get()] { all->run(); });
  return artifacts;
}

ArtifactStore::ArtifactStore(store::JobStore& store, std::unique_ptr<ContentStore> contents, std::filesystem::path root,
                             const ArtifactOptions& options, const Clock& clock)
    : store_(store),
      clock_(clock),
      contents_(std::move(contents)),
      outputs_(std::move(root), options.limits.room),
      artifacts_(store, *contents_, outputs_, clock),
      uploads_(store, *contents_, outputs_, clock, [this](TrialId trial) { artifacts_.output_grew(trial); }),
      scripts_(*contents_),
      next_collection_(clock.steady_now() + kBetweenCollections) {}

void ArtifactStore::tick() {
  artifacts_.tick();
  if (clock_.steady_now() < next_collection_) return;
  next_collection_ = clock_.steady_now() + kBetweenCollections;
  {
    const std::lock_guard lock(mutex_);
    due_ = true;
  }
  wake_.notify_one();
}

void ArtifactStore::stop() {
  artifacts_.stop();
  {
    const std::lock_guard lock(mutex_);
    stopping_ = true;
  }
  wake_.notify_one();
  if (thread_.joinable()) thread_.join();
}

void ArtifactStore::run() {
  std::unique_lock lock(mutex_);
  for (;;) {
    wake_.wait(lock, [this] { return due_ || stopping_; });
    if (stopping_) return;
    due_ = false;
    lock.unlock();
    if (const Status status = collect(); !status.ok()) {
      spdlog::warn("what no trial names any more was not collected: {}", status.text());
    }
    lock.lock();
  }
}

Status ArtifactStore::collect() {
  const auto named = [this](const std::vector<std::string>& contents) {
    return store_.read([&](store::Connection& database) -> Result<std::set<std::string>> {
      return store::named_contents(database, contents);
    });
  };
  OODML_ASSIGN_OR_RETURN(const ContentStore::Collected collected, contents_->collect(named));
  if (collected.contents + collected.uploads > 0) {
    spdlog::info("collected contents={} uploads={} bytes={}", collected.contents, collected.uploads, collected.bytes);
  }
  return outputs_.collect([this](TrialId trial) {
    return store_.read([&](store::Connection& database) -> Result<bool> { return store::has_trial(database, trial); });
  });
}

}  // namespace oodml::coordinator::artifacts
