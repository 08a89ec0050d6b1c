#include "core/metrics/neighbour_ranks.h"

#include "core/metrics/neighbour_search.h"

namespace oodml::metrics {
namespace {

using SearchRows = Status (*)(const NeighbourSearch&, const VisitRanks&);

Status search_set(SearchRows search, const LabelledSet& set, const NeighbourOptions& options, const VisitRanks& visit) {
  const at::NoGradGuard no_grad;
  const bool as_given = !options.single_precision || !options.cosine || set.has_moderate_norms();
  if (as_given) return search(NeighbourSearch(set, options), visit);
  const auto euclidean = options.only(Space::kEuclidean), cosine = options.only(Space::kCosine);
  if (options.euclidean) OODML_RETURN_IF_ERROR(search(NeighbourSearch(set, euclidean), visit));
  const LabelledSet normalized = set.normalized();
  return search(NeighbourSearch(normalized, cosine), visit);
}

}  // namespace

NeighbourOptions NeighbourOptions::only(Space space) const {
  NeighbourOptions one = *this;
  (space == Space::kEuclidean ? one.cosine : one.euclidean).reset();
  if (go_on && euclidean && cosine) {
    const double offset = space == Space::kEuclidean ? 0.0 : 0.5;
    one.go_on = [go_on = go_on, offset](double share) { return go_on(offset + share / 2); };
  }
  return one;
}

NeighbourSearch::NeighbourSearch(const LabelledSet& set, const NeighbourOptions& options)
    : queries_(set), rows_(set), options_(options), leaves_query_out_(true), query_classes_(set.classes()) {}

NeighbourSearch::NeighbourSearch(const LabelledSet& queries, const LabelledSet& gallery,
                                 const NeighbourOptions& options)
    : queries_(queries), rows_(gallery), options_(options), leaves_query_out_(false) {
  for (const std::int64_t own : queries.classes()) {
    query_classes_.push_back(gallery.class_of_label(queries.label_of_class(own)));
  }
}

std::span<const std::int64_t> NeighbourSearch::members(std::int64_t query) const {
  const std::int64_t c = query_classes_[query];
  return c < 0 ? std::span<const std::int64_t>() : rows_.members(c);
}

QueryRanks NeighbourSearch::told(std::int64_t query, std::span<const std::int64_t> ranks) const {
  const auto class_size = static_cast<std::int64_t>(members(query).size());
  return {.ranks = ranks,
          .class_size = class_size,
          .relevant = class_size - (leaves_query_out_ ? 1 : 0),
          .rows = rows_.size(),
          .missing_are_hits = options_.missing_are_hits && query_classes_[query] == rows_.classes().back()};
}

Status visit_same_class_ranks(const LabelledSet& set, const NeighbourOptions& options, const VisitRanks& visit) {
  return search_set(set.embeddings().is_cpu() ? search_on_cpu : search_on_device, set, options, visit);
}

Status visit_same_class_ranks_on_device(const LabelledSet& set, const NeighbourOptions& options,
                                        const VisitRanks& visit) {
  return search_set(search_on_device, set, options, visit);
}

Status visit_gallery_ranks(const LabelledSet& queries, const LabelledSet& gallery, const NeighbourOptions& options,
                           const VisitRanks& visit) {
  const at::NoGradGuard no_grad;
  const SearchRows search = gallery.embeddings().is_cpu() ? search_on_cpu : search_on_device;
  const bool as_given =
      !options.single_precision || !options.cosine || (queries.has_moderate_norms() && gallery.has_moderate_norms());
  if (as_given) return search(NeighbourSearch(queries, gallery, options), visit);
  const auto euclidean = options.only(Space::kEuclidean), cosine = options.only(Space::kCosine);
  if (options.euclidean) OODML_RETURN_IF_ERROR(search(NeighbourSearch(queries, gallery, euclidean), visit));
  const LabelledSet unit_queries = queries.normalized(), unit_gallery = gallery.normalized();
  return search(NeighbourSearch(unit_queries, unit_gallery, cosine), visit);
}

}  // namespace oodml::metrics
