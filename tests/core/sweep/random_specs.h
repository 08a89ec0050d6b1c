#pragma once

#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "core/base/seeds.h"
#include "core/catalogue/catalogue.h"
#include "core/catalogue/few_shot.h"
#include "core/catalogue/script_name.h"
#include "core/sweep/sweep.h"

namespace oodml::sweep {

/// Random values inside of each parameter's range, so that a round trip meets every type and every component.
class RandomSpecs {
 public:
  explicit RandomSpecs(std::uint64_t seed) : random_(seed) {}

  job::TrialSpec spec() {
    job::TrialSpec spec;
    for (const catalogue::Parameter& key : catalogue::trial_keys()) spec.values.set(key.name, value(key));
    choose(spec, pick(catalogue::components(catalogue::Kind::kBenchmark)));
    choose_objective(spec);
    choose_sampler(spec);
    make_fitting(spec);
    return spec;
  }

 private:
  template <typename T>
  const T& pick(const std::vector<T>& list) {
    return list[static_cast<std::size_t>(random_.below(static_cast<std::int64_t>(list.size())))];
  }

  static std::vector<catalogue::Component> miners_for(const ComponentChoice& criterion) {
    std::vector<catalogue::Component> fitting = catalogue::components(catalogue::Kind::kMiner);
    std::erase_if(fitting,
                  [&](const catalogue::Component& m) { return !catalogue::check_pairing(criterion, m.name).ok(); });
    return fitting;
  }

  /// Some criteria hold two others inside which no miner serves both; those are drawn again.
  void choose_objective(job::TrialSpec& spec) {
    spec.values.set("miner", std::string("none"));
    for (;;) {
      for (const catalogue::Parameter& stale : criterion_parameters(spec)) spec.values.erase("criterion." + stale.name);
      choose(spec, pick(catalogue::components(catalogue::Kind::kCriterion)));
      if (spec.values.text("criterion") == catalogue::kScript) continue;  // its parameters are no free texts
      const auto miners = miners_for(spec.choice("criterion"));
      if (!miners.empty()) return choose(spec, pick(miners));
      if (catalogue::check_pairing(spec.choice("criterion"), "none").ok()) return;
    }
  }

  /// One that mines triplets itself takes the miner's place, where the criterion takes triplets.
  void choose_sampler(job::TrialSpec& spec) {
    auto samplers = catalogue::components(catalogue::Kind::kSampler);
    std::erase_if(samplers, [&](const catalogue::Component& s) {
      return s.mines_triplets && !catalogue::check_sampler(spec.choice("criterion"), "none", s).ok();
    });
    const catalogue::Component sampler = pick(samplers);
    choose(spec, sampler);
    if (!sampler.mines_triplets) return;
    for (const auto& [parameter, value] : spec.values.below("miner")) spec.values.erase("miner." + parameter);
    spec.values.set("miner", std::string("none"));
    spec.values.set("validation", std::string("samples"));
    spec.values.set("sampler.sup_metric_collect", spec.values.integer("sampler.sample_freq") - 1);
  }

  static std::vector<catalogue::Parameter> criterion_parameters(const job::TrialSpec& spec) {
    const Value* name = spec.values.find("criterion");
    return name == nullptr ? std::vector<catalogue::Parameter>{}
                           : catalogue::find(catalogue::Kind::kCriterion, std::get<std::string>(*name))->parameters;
  }

  void choose(job::TrialSpec& spec, const catalogue::Component& component) {
    const std::string kind = catalogue::to_text(component.kind);
    spec.values.set(kind, component.name);
    for (const catalogue::Parameter& parameter : component.parameters) {
      spec.values.set(kind + "." + parameter.name, value(parameter));
    }
  }

  std::int64_t integer(const catalogue::Parameter& p) {
    const auto low = static_cast<std::int64_t>(p.at_least.value_or(-1000));
    const auto high = static_cast<std::int64_t>(p.at_most.value_or(static_cast<double>(low + 1000000)));
    return low + random_.below(high - low + 1);
  }
  double number(const catalogue::Parameter& p) {
    const double low = p.at_least ? *p.at_least : p.above ? *p.above + 1e-12 : -50.0;
    const double high = p.at_most ? *p.at_most : p.below ? *p.below : low + 100.0;
    return random_.below(4) == 0 ? low + (high - low) * 1e-9 * random_.uniform() : random_.uniform(low, high);
  }
  Value value(const catalogue::Parameter& p) {
    switch (p.type) {
      case catalogue::ValueType::kFlag:
        return random_.below(2) == 0;
      case catalogue::ValueType::kInteger:
        return integer(p);
      case catalogue::ValueType::kNumber:
        return number(p);
      case catalogue::ValueType::kText:
        return p.choices.empty() ? p.fallback : Value(pick(p.choices));
      case catalogue::ValueType::kIntegers:
        return std::vector<std::int64_t>{integer(p), integer(p)};
      case catalogue::ValueType::kNumbers:
        return p.is_interval ? std::vector<double>{random_.uniform(0, 1), random_.uniform(1, 2)}
                             : std::vector<double>{number(p), number(p)};
      case catalogue::ValueType::kTexts:
        return p.fallback;
    }
    return p.fallback;
  }

  void make_fitting(job::TrialSpec& spec) {
    const catalogue::Component* benchmark = catalogue::find(catalogue::Kind::kBenchmark, spec.benchmark());
    spec.values.set("split", random_.below(3) == 0 ? std::string("default") : pick(benchmark->split_ids));
    if (spec.values.text("layout") == "default") spec.values.set("layout", benchmark->layout);
    const catalogue::Component* criterion = catalogue::find(catalogue::Kind::kCriterion, spec.values.text("criterion"));
    const bool several = catalogue::reads(*criterion, "heads") || random_.below(4) == 0;
    spec.values.set("arch", std::string(several ? "multifeature_" : "") + "resnet18_frozen_normalize");
    spec.values.set("evaluate.embeddings",
                    several && random_.below(2) == 0
                        ? std::vector<std::string>{"intra", "Combined_shared_intra-0.5-1.25"}
                        : catalogue::default_embeddings(*catalogue::parse_arch(spec.values.text("arch"))));
    if (spec.values.text("test_benchmark") == "none") spec.values.set("test_layout", std::string("default"));
    spec.values.set("uniformity_prior.chunksize", std::int64_t{1} << random_.below(10));  // resnet18 has 512 features
    spec.values.set("weights", std::string(random_.below(2) == 0 ? "none" : "run-7.v2"));
    const auto per_class = 1 + random_.below(8), replicas = 1 + random_.below(4);
    spec.values.set("samples_per_class", per_class);
    spec.values.set("replicas", replicas);
    spec.values.set("batch_size", per_class * replicas * (2 + random_.below(50)));
    spec.values.set("resize", spec.values.integer("crop_size") + random_.below(100));
    static const char* kFiles[] = {"splits.json", "a b/c: d.json", "\"q\" #1 \xe2\x82\xac.json", "123", "true", "- x"};
    spec.values.set("split_file", std::string(kFiles[random_.below(6)]));
    make_few_shot_fit(spec);
  }

  void make_few_shot_fit(job::TrialSpec& spec) {
    if (spec.values.text("split") == "default") spec.values.set("few_shot.shots", std::int64_t{0});
    if (spec.values.integer("few_shot.shots") == 0) return;
    spec.values.set("few_shot.miner", catalogue::few_shot_miner_of(spec.values.text("few_shot.criterion")));
    spec.values.set("few_shot.beta", random_.uniform(0, 2));
    spec.values.set("few_shot.embeddings", pick(spec.values.texts("evaluate.embeddings")));
    if (spec.values.text("validation") == "none") spec.values.set("few_shot.select", std::string("last"));
    if (spec.values.text("few_shot.select") == "best") {
      spec.values.set("evaluate.sets", std::vector<std::string>{"test", "val"});
    }
  }

  Random random_;
};

}  // namespace oodml::sweep
