#include "core/collective/process_group.h"

#include <c10/util/Exception.h>

#include <exception>
#include <utility>
#include <vector>

#include "core/collective/backend.h"

namespace oodml::collective {
namespace {

/// The calls of LibTorch's process groups. What they throw about a peer has no type of its own: all of it is PeerLost.
class ProcessGroup final : public Collective {
 public:
  explicit ProcessGroup(BackendPointer backend) : backend_(std::move(backend)) {}

  std::int64_t rank() const override { return backend_->getRank(); }
  std::int64_t size() const override { return backend_->getSize(); }

  void add_up(torch::Tensor& tensor) override {
    std::vector<at::Tensor> tensors = {tensor};
    finish("add up", [&] { return backend_->allreduce(tensors); });
  }

  torch::Tensor gather(const torch::Tensor& rows) override {
    auto own = rows.contiguous();
    auto shape = rows.sizes().vec();
    shape[0] *= size();
    auto all = torch::empty(shape, own.options());
    finish("gather", [&] { return backend_->_allgather_base(all, own); });
    return all;
  }

  void broadcast(torch::Tensor& tensor, std::int64_t source) override {
    std::vector<at::Tensor> tensors = {tensor};
    c10d::BroadcastOptions options;
    options.rootRank = source;
    finish("broadcast", [&] { return backend_->broadcast(tensors, options); });
  }

 private:
  /// On a GPU the current stream waits, not the caller.
  template <typename Call>
  void finish(const char* what, const Call& call) {
    try {
      call()->wait();
    } catch (const c10::OutOfMemoryError&) {
      throw;
    } catch (const c10::Error& error) {
      throw PeerLost(std::string(what) + " among replicas: " + error.what_without_backtrace());
    } catch (const std::exception& error) {
      throw PeerLost(std::string(what) + " among replicas: " + error.what());
    }
  }

  BackendPointer backend_;
};

}  // namespace

Result<std::shared_ptr<Collective>> join(const Membership& membership, const torch::Device& device) {
  if (membership.size == 1) return std::make_shared<Alone>();
  try {
    auto backend = device.is_cuda() ? connect_nccl(membership, device) : connect_gloo(membership);
    if (!backend) return failure(backend.error());
    return std::make_shared<ProcessGroup>(*std::move(backend));
  } catch (const c10::Error& error) {
    return unavailable(std::string("meet the other replicas: ") + error.what_without_backtrace());
  } catch (const std::exception& error) {
    return unavailable(std::string("meet the other replicas: ") + error.what());
  }
}

}  // namespace oodml::collective
