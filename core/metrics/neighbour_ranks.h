#pragma once

#include <functional>
#include <optional>

#include "core/metrics/metric.h"
#include "core/metrics/same_class_ranks.h"

namespace oodml::metrics {

struct NeighbourOptions {
  /// How deep to look in each space; nullopt: not at all. Both are found in one pass over the inner products.
  std::optional<RankDepth> euclidean, cosine;
  bool exclude_self_by_index = false;  ///< Else the nearest row is left out, whichever it is.
  bool missing_are_hits = false;       ///< compat: paper: the last row's class finds rows behind the last neighbour.
  bool single_precision = false;       ///< compat: paper: distances as the references compute them.
  /// Called between tiles with the share done, in [0, 1]; false gives kCancelled. May be empty.
  std::function<bool(double share)> go_on;

  const std::optional<RankDepth>& depth(Space space) const { return space == Space::kEuclidean ? euclidean : cosine; }
  /// One space of the two, taking its half of the progress.
  NeighbourOptions only(Space space) const;
};

/// Called once a query and space, from several threads at a time.
using VisitRanks = std::function<void(std::int64_t query, Space space, const QueryRanks& ranks)>;

/// Exact search of every row among all others. Order in Euclidean space: by the distance, in cosine space by
/// x.y / (||x|| ||y||), descending, both as float64 arithmetic on the given values has them; equal ones by row.
/// Products in single precision only screen: what their error leaves open is computed again in double precision, so
/// that rows that have collapsed or lie far from the origin are ordered rightly. With `single_precision`: by ||x||^2 +
/// ||y||^2 - 2 x.y in single precision, clipped at 0, as FAISS computes it. Memory: a tile of some rows x N.
Status visit_same_class_ranks(const LabelledSet& set, const NeighbourOptions& options, const VisitRanks& visit);

/// The same by tensor operations on the device of the embeddings: what visit_same_class_ranks does off the CPU.
Status visit_same_class_ranks_on_device(const LabelledSet& set, const NeighbourOptions& options,
                                        const VisitRanks& visit);

/// Exact search of every query among the rows of a gallery, none left out. Labels of both sets mean the same classes.
Status visit_gallery_ranks(const LabelledSet& queries, const LabelledSet& gallery, const NeighbourOptions& options,
                           const VisitRanks& visit);

}  // namespace oodml::metrics
