#include "core/metrics/evaluation.h"

#include <limits>

#include "core/catalogue/catalogue.h"
#include "core/metrics/cluster_metrics.h"
#include "core/metrics/metric.h"
#include "core/metrics/query_means.h"

namespace oodml::metrics {
namespace {

struct Wanted {
  std::vector<Metric> metrics;
  std::vector<MetricValue> results;  ///< Their names, the values still to come.
};

Result<Wanted> wanted_by(const EvaluationOptions& options) {
  Wanted wanted;
  for (const std::string& name : options.metrics) {
    OODML_ASSIGN_OR_RETURN(const catalogue::MetricName parsed, catalogue::parse_metric(name));
    OODML_ASSIGN_OR_RETURN(Metric metric, make_metric(parsed, options));
    wanted.metrics.push_back(std::move(metric));
    wanted.results.push_back({name, 0.0, {}});
  }
  return wanted;
}

/// The references compute in single precision.
Result<LabelledSet> as_compared(Result<LabelledSet> set, const EvaluationOptions& options) {
  if (!set || !options.compat_paper) return set;
  return set->in_single_precision();
}

/// What is computed from the rows alone.
void fill_set_values(const LabelledSet& set, const EvaluationOptions& options, const std::vector<Metric>& metrics,
                     std::vector<MetricValue>& results) {
  std::vector<SetFact> wanted;
  for (const Metric& metric : metrics) {
    if (metric.of_set || metric.values_of_set) wanted.push_back(metric.fact);
  }
  if (wanted.empty()) return;
  if (options.progress) options.progress("distances and singular values", 0.0);
  const SetFacts facts(set, wanted);
  for (std::size_t m = 0; m < metrics.size(); ++m) {
    if (!metrics[m].of_set && !metrics[m].values_of_set) continue;
    if (metrics[m].of_set) {
      results[m].value = metrics[m].of_set(facts);
    } else {
      results[m].value = std::numeric_limits<double>::quiet_NaN();
      results[m].values = metrics[m].values_of_set(facts);
    }
  }
}

}  // namespace

Result<std::vector<MetricValue>> evaluate(const torch::Tensor& embeddings, const torch::Tensor& labels,
                                          const EvaluationOptions& options) {
  if (options.clusters < 0) return invalid_argument("evaluate: clusters must be 0 (the classes of the set) or larger");
  OODML_ASSIGN_OR_RETURN(Wanted wanted, wanted_by(options));
  const at::NoGradGuard no_grad;
  OODML_ASSIGN_OR_RETURN(const LabelledSet set, as_compared(LabelledSet::make(embeddings, labels), options));
  OODML_RETURN_IF_ERROR(fill_cluster_values(set, options, wanted.metrics, wanted.results));
  const auto search = [&](const NeighbourOptions& neighbours, const VisitRanks& visit) {
    return visit_same_class_ranks(set, neighbours, visit);
  };
  OODML_RETURN_IF_ERROR(fill_query_means(set.size(), search, options, wanted.metrics, wanted.results));
  fill_set_values(set, options, wanted.metrics, wanted.results);
  return std::move(wanted.results);
}

Result<std::vector<MetricValue>> evaluate_query_gallery(const torch::Tensor& query_embeddings,
                                                        const torch::Tensor& query_labels,
                                                        const torch::Tensor& gallery_embeddings,
                                                        const torch::Tensor& gallery_labels,
                                                        const EvaluationOptions& options) {
  OODML_ASSIGN_OR_RETURN(Wanted wanted, wanted_by(options));
  for (std::size_t m = 0; m < wanted.metrics.size(); ++m) {
    if (wanted.metrics[m].of_query) continue;
    return invalid_argument("metric '" + wanted.results[m].name +
                            "' is of one set; of queries in a gallery there are recall and mAP, with e_, c_, a_ and "
                            "their kinds");
  }
  const at::NoGradGuard no_grad;
  const auto type = at::promote_types(query_embeddings.scalar_type(), gallery_embeddings.scalar_type());
  OODML_ASSIGN_OR_RETURN(const LabelledSet queries,
                         as_compared(LabelledSet::make(query_embeddings.to(type), query_labels, 1), options));
  OODML_ASSIGN_OR_RETURN(const LabelledSet gallery,
                         as_compared(LabelledSet::make(gallery_embeddings.to(type), gallery_labels, 1), options));
  if (queries.embeddings().size(1) != gallery.embeddings().size(1)) {
    return invalid_argument("evaluate: queries have " + std::to_string(queries.embeddings().size(1)) +
                            " dimensions, the gallery " + std::to_string(gallery.embeddings().size(1)));
  }
  const auto search = [&](NeighbourOptions neighbours, const VisitRanks& visit) {
    neighbours.missing_are_hits = false;  // a quirk of one set: no reference ran this
    return visit_gallery_ranks(queries, gallery, neighbours, visit);
  };
  OODML_RETURN_IF_ERROR(fill_query_means(queries.size(), search, options, wanted.metrics, wanted.results));
  return std::move(wanted.results);
}

}  // namespace oodml::metrics
