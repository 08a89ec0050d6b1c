#include "core/catalogue/catalogue.h"
#include "core/metrics/evaluation.h"
#include "core/metrics/f1.h"
#include "core/metrics/faiss_kmeans.h"
#include "core/metrics/nmi.h"
#include "core/metrics/singular_values.h"
#include "core/train/embed.h"
#include "tests/golden/replay.h"

namespace oodml::golden {
namespace {

constexpr std::string_view kOut = "out.";
constexpr std::string_view kRelevant = "_relevant";

std::span<const std::int64_t> values_of(const torch::Tensor& tensor) {
  return {tensor.const_data_ptr<std::int64_t>(), static_cast<std::size_t>(tensor.numel())};
}

void check_metrics(const Case& golden, const std::vector<std::string>& names, metrics::EvaluationOptions options,
                   Comparison& comparison) {
  options.metrics = names;
  const bool relevant = options.relevant_map_normalizer;
  const auto results = metrics::evaluate(golden.at("in.embeddings"), golden.at("in.labels"), options);
  if (!results) throw CaseError(results.error().message());
  for (const auto& [name, value, values] : *results) {
    const std::string output = std::string(kOut) + name + std::string(relevant ? kRelevant : "");
    values.empty() ? comparison.check(output, value) : comparison.check(output, at::tensor(values, at::kDouble));
  }
}

void check_cluster_metric(const Case& golden, const std::string& name, Comparison& comparison) {
  const auto cluster_rows = golden.at("in.clusters").cpu(), class_rows = golden.at("in.labels").cpu();
  const auto clusters = values_of(cluster_rows), classes = values_of(class_rows);
  comparison.check(std::string(kOut) + name, name == "nmi" ? metrics::normalized_mutual_information(clusters, classes)
                                                           : metrics::pair_f1(clusters, classes));
}

void replay_metrics(const Case& golden, bool compat_paper, Comparison& comparison) {
  for (const auto& [name, value] : golden.params.items()) {
    if (name != "recall_ks") throw CaseError("unknown parameter " + name);  // the outputs' names say the k
  }
  std::vector<std::string> names, relevant_names;
  for (const auto& [tensor, want] : golden.tensors) {
    if (!tensor.starts_with(kOut)) continue;
    std::string name = tensor.substr(kOut.size());
    const bool relevant = name.ends_with(kRelevant);
    if (relevant) name.resize(name.size() - kRelevant.size());
    if (name == "nmi" || name == "f1") {  // of the stored clusters
      check_cluster_metric(golden, name, comparison);
    } else if (name == "singular_values") {
      comparison.check(tensor, at::tensor(metrics::singular_values(golden.at("in.embeddings")), at::kDouble));
    } else {
      (relevant ? relevant_names : names).push_back(name);
    }
  }
  check_metrics(golden, names, {.compat_paper = compat_paper}, comparison);
  check_metrics(golden, relevant_names, {.relevant_map_normalizer = true, .compat_paper = compat_paper}, comparison);
}

void replay_kmeans(const Case& golden, Comparison& comparison) {
  metrics::KmeansOptions options;
  for (const auto& [name, value] : golden.params.items()) {
    if (name == "k") {
      options.clusters = value.get<std::int64_t>();
    } else if (name == "niter") {
      options.iterations = value.get<int>();
    } else if (name == "seed") {
      options.seed = value.get<int>();
    } else {
      throw CaseError("unknown parameter " + name);
    }
  }
  const auto& embeddings = golden.at("in.embeddings");
  const auto from_scratch = metrics::faiss_kmeans(embeddings, options);
  options.initial_centroids = embeddings.index_select(0, golden.at("in.initial_indices")).cpu();
  const auto from_rows = metrics::faiss_kmeans(embeddings, options);
  if (!from_scratch || !from_rows) throw CaseError("k-means failed");

  comparison.check("out.clusters", at::tensor(from_rows->assignment, at::kLong));
  comparison.check("out.centroids", from_rows->centroids);
  comparison.check("out.objective", at::scalar_tensor(from_rows->objective, at::kFloat));
  // Another FAISS release may draw other rows to start from: the README asks for 10 % then.
  const auto label_rows = golden.at("in.labels").cpu();
  const auto labels = values_of(label_rows);
  comparison.check_within("out.nmi", metrics::normalized_mutual_information(from_scratch->assignment, labels), 0.1);
  comparison.check_within("out.f1", metrics::pair_f1(from_scratch->assignment, labels), 0.1);
}

void replay_evaltype(const Case& golden, Comparison& comparison) {
  for (const auto& [name, value] : golden.params.items()) {
    if (name != "evaltype" && name != "normalize") throw CaseError("unknown parameter " + name);
  }
  constexpr std::string_view kHead = "in.embeddings.";
  train::EmbeddedSet set;
  for (const auto& [name, tensor] : golden.tensors) {
    if (name.starts_with(kHead)) set.heads[name.substr(kHead.size())] = tensor;
  }
  const auto wanted =
      catalogue::parse_embeddings(golden.params.at("evaltype").get<std::string>(), {.several_heads = true});
  if (!wanted) throw CaseError(wanted.error().message());
  comparison.check("out.embeddings", train::joined_embeddings(set, *wanted, golden.params.at("normalize").get<bool>()));
}

}  // namespace

void replay_evaluation(const Case& golden, bool compat_paper, Comparison& comparison) {
  if (golden.name == "metrics") return replay_metrics(golden, compat_paper, comparison);
  if (golden.name == "evaltype") return replay_evaltype(golden, comparison);
  if (golden.name == "kmeans") return replay_kmeans(golden, comparison);
  throw CaseError("no replay for the evaluation " + golden.name);
}

}  // namespace oodml::golden
