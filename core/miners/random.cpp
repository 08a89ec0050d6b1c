#include "core/miners/random.h"

#include "core/miners/candidates.h"

namespace oodml::miners {
namespace {

/// The column where a row's running count first reaches `rank` + 1: counts [T, B], rank [T] -> [T].
torch::Tensor column_of(const torch::Tensor& counts, const torch::Tensor& rank) {
  return at::searchsorted(counts, rank.add(1).unsqueeze(1)).squeeze(1).clamp_max(counts.size(1) - 1);
}

}  // namespace

TripletNumbering::TripletNumbering(const torch::Tensor& labels)
    : same(same_class(labels).cumsum(1)), other(other_class(labels).cumsum(1)), others(other.select(1, -1)) {
  ends = (same.select(1, -1) * others).cumsum(0);
}

Tuples TripletNumbering::at(const torch::Tensor& ranks) const {
  const auto anchor = at::searchsorted(ends, ranks, /*out_int32=*/false, /*right=*/true).clamp_max(ends.size(0) - 1);
  const auto choices = others.index_select(0, anchor).clamp_min(1);  // negatives for each positive
  const auto last = ends.index_select(0, anchor);
  const auto first = last - same.select(1, -1).index_select(0, anchor) * others.index_select(0, anchor);
  const auto inside = ranks - first;
  return {anchor,
          column_of(same.index_select(0, anchor), inside.div(choices, "floor")),
          column_of(other.index_select(0, anchor), inside.remainder(choices)),
          {}};
}

torch::Tensor draw_without_replacement(const torch::Tensor& count, std::int64_t draws, const at::Generator& generator) {
  const auto step = at::arange(draws, count.options());
  const auto uniform = at::rand({draws}, generator, count.options().dtype(at::kDouble));
  const auto places = (count - step).clamp_min(1);
  const auto swapped = step + (uniform * places).to(at::kLong).minimum(places - 1);  // r_i

  // The value at place q before step i was put there by the latest earlier step k with r_k = q; it is what lay at
  // place k then. Where there is no such step the place still holds its own number.
  const auto earlier = at::ones({draws, draws}, count.options().dtype(at::kBool)).tril(-1);  // [i, k]: k < i
  const auto latest = [&](const torch::Tensor& place) {
    const auto wrote = place.unsqueeze(1).eq(swapped.unsqueeze(0)).logical_and(earlier);
    return at::where(wrote, step.unsqueeze(0), -1).amax(1);  // [draws], -1: none
  };
  auto origin = latest(step);
  origin = at::where(origin.ge(0), origin, step);
  for (std::int64_t hops = 1; hops < draws; hops *= 2) origin = origin.index_select(0, origin);
  const auto writer = latest(swapped);
  return at::where(writer.ge(0), origin.index_select(0, writer.clamp_min(0)), swapped);
}

Tuples Random::mine(const torch::Tensor& embeddings, const torch::Tensor& labels, at::Generator generator) {
  const at::NoGradGuard no_grad;
  const auto draws = embeddings.size(0);
  if (draws == 0) return {labels, labels, labels, {}};
  const TripletNumbering numbering(labels);
  const auto ranks = draw_without_replacement(numbering.count(), draws, generator);
  Tuples triplets = numbering.at(ranks);
  triplets.valid = at::arange(draws, labels.options()).lt(numbering.count());
  return triplets;
}

}  // namespace oodml::miners
