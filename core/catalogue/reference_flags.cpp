#include "core/catalogue/reference_flags.h"

#include <map>

#include "core/catalogue/catalogue.h"

namespace oodml::catalogue {
namespace {

const std::map<std::string_view, std::string_view>& renamed() {
  static const std::map<std::string_view, std::string_view> keys = {
      {"dataset", "benchmark"},
      {"data_hardness", "split"},
      {"loss", "criterion"},
      {"batch_mining", "miner"},
      {"data_sampler", "sampler"},
      {"internal_split", "sampler.internal_split"},
      {"data_ssl_set", "sampler.ssl_set"},
      {"data_batchmatch_bigbs", "sampler.bigbs"},
      {"data_batchmatch_ncomps", "sampler.ncomps"},
      {"data_sampler_lowproj_dim", "sampler.lowproj_dim"},
      {"data_storage_no_update", "sampler.storage_no_update"},
      {"data_gc_softened", "sampler.gc_softened"},
      {"data_d2_coreset_lambda", "sampler.d2_coreset_lambda"},
      {"use_tv_split", "validation"},
      {"tv_split_perc", "validation_fraction"},
      {"n_epochs", "epochs"},
      {"bs", "batch_size"},
      {"decay", "weight_decay"},
      {"optim", "optimizer"},
      {"not_pretrained", "weights"},
      {"use_float16", "precision"},
      {"evaltypes", "evaluate.embeddings"},
      {"evaluation_metrics", "evaluate.metrics"},
      {"no_train_metrics", "evaluate.sets"},
      {"no_test_metrics", "evaluate.sets"},
      {"storage_metrics", "keep_best"},
      {"store_improvements", "keep_best"},
      {"kernels", "loader_threads"},
      {"sampling", "sampler"},
      {"train_val_split", "validation_fraction"},
      {"train_val_split_by_class", "validation"},
      {"policy_scramble_dataloaders", "sampler.scramble_freq"},
      {"finetune_shots", "few_shot.shots"},
      {"finetune_iter", "few_shot.steps"},
      {"finetune_lr_multi", "few_shot.lr_multi"},
      {"finetune_only_last", "few_shot.only_last"},
      {"finetune_optim", "few_shot.optimizer"},
      {"finetune_criterion", "few_shot.criterion"},
      {"finetune_reweight", "few_shot.reweight"},
      {"recall_only", "few_shot.recall_only"},
  };
  return keys;
}

/// loss_margin_beta: beta of the criterion margin.
std::string parameter_key(Kind kind, std::string_view prefix, std::string_view flag) {
  if (!flag.starts_with(prefix)) return "";
  flag.remove_prefix(prefix.size());
  for (const Component& component : components(kind)) {
    if (!flag.starts_with(component.name + "_")) continue;
    const std::string_view parameter = flag.substr(component.name.size() + 1);
    if (component.find(parameter) != nullptr) return std::string(to_text(kind)) + "." + std::string(parameter);
  }
  return "";
}

}  // namespace

std::string key_of_reference_flag(std::string_view flag) {
  if (const auto found = renamed().find(flag); found != renamed().end()) return std::string(found->second);
  if (flag.starts_with("policy_")) {  // of PADS
    const std::string_view parameter = flag.substr(std::string_view("policy_").size());
    if (find(Kind::kSampler, "pads")->find(parameter) != nullptr) return "sampler." + std::string(parameter);
  }
  const std::string criterion = parameter_key(Kind::kCriterion, "loss_", flag);
  return criterion.empty() ? parameter_key(Kind::kMiner, "miner_", flag) : criterion;
}

}  // namespace oodml::catalogue
