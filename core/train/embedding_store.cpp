#include "core/train/embedding_store.h"

namespace oodml::train {

void EmbeddingStore::begin_epoch() { start_ = rows_.to(torch::kCPU, /*non_blocking=*/false, /*copy=*/true); }

void EmbeddingStore::put(const torch::Tensor& positions, const torch::Tensor& embeddings) {
  const auto places = positions.to(rows_.device(), /*non_blocking=*/true);  // [B]
  // Every occurrence of a sample writes its last row, so that the order of writing does not matter.
  const auto same = places.unsqueeze(1).eq(places.unsqueeze(0));  // [B, B]
  const auto last = same.mul(torch::arange(places.size(0), places.options())).amax(1);
  const auto rows = embeddings.detach().index_select(0, last);
  const auto finite = rows.isfinite().all(1, /*keepdim=*/true);
  rows_.index_copy_(0, places, torch::where(finite, rows, rows_.index_select(0, places)));
}

models::NamedTensors EmbeddingStore::state(bool inside_epoch) const {
  models::NamedTensors state;
  if (filled()) state["rows"] = rows_;
  if (filled() && inside_epoch) state["start"] = start_;
  return state;
}

Status EmbeddingStore::restore(const models::NamedTensors& state, const torch::Device& device) {
  if (state.empty()) return {};  // stopped before it was filled
  for (const auto& [name, tensor] : state) {
    if (name != "rows" && name != "start")
      return invalid_argument("restore the embedding store: unknown '" + name + "'");
    if (tensor.dim() != 2) return invalid_argument("restore the embedding store: '" + name + "' is no matrix");
  }
  if (!state.contains("rows")) return invalid_argument("restore the embedding store: 'rows' is missing");
  rows_ = state.at("rows").to(device);
  if (const auto start = state.find("start"); start != state.end()) start_ = start->second;
  return {};
}

}  // namespace oodml::train
