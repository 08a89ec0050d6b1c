#include "core/data/loader.h"

#include <torch/types.h>

#include <algorithm>
#include <stdexcept>

#include "core/data/ordered_prefetcher.h"

namespace oodml::data {
namespace {

std::vector<std::size_t> sizes_of(const std::vector<std::vector<std::int64_t>>& batches) {
  std::vector<std::size_t> sizes;
  for (const auto& batch : batches) sizes.push_back(batch.size());
  return sizes;
}

void check_positions(const Dataset& dataset, const std::vector<std::vector<std::int64_t>>& batches) {
  const auto count = static_cast<std::int64_t>(dataset.samples.size());
  for (const auto& batch : batches) {
    for (const std::int64_t position : batch) {
      if (position < 0 || position >= count) throw std::out_of_range("a batch names a position outside its dataset");
    }
  }
}

std::size_t ring_size(std::int64_t prefetch_batches, std::size_t batches) {
  const std::size_t wanted = static_cast<std::size_t>(std::max<std::int64_t>(1, prefetch_batches));
  return std::min(wanted, std::max<std::size_t>(1, batches));
}

}  // namespace

/// The prefetcher's threads write decoded images straight into the rows of batches that the consumer allocated:
/// no tensor operation, and so no thread pool of LibTorch, ever runs on them.
class Loader::Impl {
 public:
  Impl(std::shared_ptr<const Dataset> dataset, LoaderOptions options, std::vector<std::vector<std::int64_t>> batches,
       Seeds seeds, std::uint64_t epoch, std::size_t first)
      : dataset_(std::move(dataset)),
        options_(std::move(options)),
        batches_(std::move(batches)),
        seeds_(seeds),
        epoch_(epoch),
        next_(first),
        transform_(options_.transform),
        ring_(ring_size(options_.prefetch_batches, batches_.size())),
        scratch_(static_cast<std::size_t>(std::max<std::int64_t>(1, options_.threads))) {
    check_positions(*dataset_, batches_);
    for (std::size_t i = 0; i < ring_.size(); ++i) allocate(first + i);
    prefetcher_ = std::make_unique<OrderedPrefetcher>(
        sizes_of(batches_),
        OrderedPrefetcher::Options{.first = first, .threads = scratch_.size(), .window = ring_.size()},
        [this](std::size_t batch, std::size_t place, std::size_t worker) { return load(batch, place, worker); });
  }

  Result<Batch> next() {
    if (next_ >= batches_.size()) return Batch{};
    if (const Status status = prefetcher_->wait(); !status.ok()) return failure(status);
    Batch batch = std::move(ring_[next_ % ring_.size()].batch);
    allocate(next_ + ring_.size());
    ++next_;
    prefetcher_->advance();
    return batch;
  }

 private:
  struct Slot {
    Batch batch;
    float* images = nullptr;
    float* second_view = nullptr;  ///< Null unless asked for.
    std::int64_t* labels = nullptr;
    std::int64_t* positions = nullptr;
  };

  void allocate(std::size_t number) {
    if (number >= batches_.size()) return;
    const auto count = static_cast<std::int64_t>(batches_[number].size());
    const std::int64_t side = options_.transform.crop_size;
    const auto memory = torch::TensorOptions().pinned_memory(options_.pin_memory);
    Slot& slot = ring_[number % ring_.size()];
    slot.batch.images = room_for({count, 3, side, side});
    if (options_.second_view) slot.batch.second_view = room_for({count, 3, side, side});
    slot.batch.labels = torch::empty({count}, memory.dtype(torch::kInt64));
    slot.batch.positions = torch::empty({count}, memory.dtype(torch::kInt64));
    slot.images = slot.batch.images.data_ptr<float>();
    slot.second_view = options_.second_view ? slot.batch.second_view.data_ptr<float>() : nullptr;
    slot.labels = slot.batch.labels.data_ptr<std::int64_t>();
    slot.positions = slot.batch.positions.data_ptr<std::int64_t>();
  }

  /// Memory of a batch that nobody holds any more, else new one: that of a large batch comes from the system page by
  /// page, which takes longer than to fill it with images that are in memory. Page-locked memory is kept by LibTorch.
  torch::Tensor room_for(torch::IntArrayRef sizes) {
    const auto options = torch::TensorOptions().dtype(torch::kFloat32).pinned_memory(options_.pin_memory);
    if (options_.pin_memory) return torch::empty(sizes, options);
    const auto free = std::ranges::find_if(
        rooms_, [&](const torch::Tensor& room) { return room.storage().use_count() == 1 && room.sizes() == sizes; });
    if (free != rooms_.end()) return free->detach();
    torch::Tensor room = torch::empty(sizes, options);
    // The batches in the ring, the consumer's and the one it had before; one that is held for longer is let go.
    const std::size_t most = (ring_.size() + 2) * (options_.second_view ? 2 : 1);
    if (rooms_.size() >= most) rooms_.erase(rooms_.begin());
    rooms_.push_back(room.detach());
    return room;
  }

  Status load(std::size_t number, std::size_t place, std::size_t worker) {
    const std::int64_t position = batches_[number][place];
    const Dataset::Sample& sample = dataset_->samples[static_cast<std::size_t>(position)];
    const Slot& slot = ring_[number % ring_.size()];
    slot.labels[place] = sample.label;
    slot.positions[place] = position;
    images::View view, second;
    const auto choose = [&](const images::Size& size) {
      Random random = seeds_.stream("augmentation", {epoch_, number, options_.first_place + place});
      view = transform_.draw(size, random);
      if (slot.second_view == nullptr) return transform_.wanted_by(view);
      Random other = seeds_.stream("second_view", {epoch_, number, options_.first_place + place});
      second = transform_.draw(size, other);
      return images::wanted_by_both(transform_.wanted_by(view), transform_.wanted_by(second));
    };
    OODML_ASSIGN_OR_RETURN(images::ImagePart part, dataset_->source->load_part(sample.image, choose));
    const auto side = static_cast<std::size_t>(options_.transform.crop_size);
    const std::size_t offset = place * 3 * side * side;
    transform_.apply(part, view, scratch_[worker], slot.images + offset);
    if (slot.second_view != nullptr) transform_.apply(part, second, scratch_[worker], slot.second_view + offset);
    images::reuse(std::move(part));
    return {};
  }

  const std::shared_ptr<const Dataset> dataset_;
  const LoaderOptions options_;
  const std::vector<std::vector<std::int64_t>> batches_;
  const Seeds seeds_;
  const std::uint64_t epoch_;
  std::size_t next_;
  const images::Transform transform_;
  std::vector<torch::Tensor> rooms_;                 ///< What room_for gave: the consumer's batches share it.
  std::vector<Slot> ring_;                           ///< batch b at b % size; handed over by the prefetcher's lock
  std::vector<images::Transform::Scratch> scratch_;  ///< one a thread
  std::unique_ptr<OrderedPrefetcher> prefetcher_;    ///< last: its threads end before what they use
};

Loader::Loader(std::shared_ptr<const Dataset> dataset, LoaderOptions options,
               std::vector<std::vector<std::int64_t>> batches, Seeds seeds, std::uint64_t epoch, std::size_t first)
    : impl_(std::make_unique<Impl>(std::move(dataset), std::move(options), std::move(batches), seeds, epoch, first)) {}

Loader::~Loader() = default;

Result<Batch> Loader::next() { return impl_->next(); }

}  // namespace oodml::data
