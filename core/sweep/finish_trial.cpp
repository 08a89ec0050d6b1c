#include "core/sweep/finish_trial.h"

#include <algorithm>

#include "core/base/words.h"
#include "core/catalogue/best_epoch.h"
#include "core/catalogue/catalogue.h"
#include "core/catalogue/pads.h"
#include "core/catalogue/script_name.h"
#include "core/sweep/finish_few_shot.h"
#include "core/sweep/keys.h"
#include "core/sweep/usual_checks.h"

namespace oodml::sweep {
namespace {

using catalogue::Component;
using catalogue::Kind;

class Finisher {
 public:
  Finisher(job::TrialSpec& spec, const PlaceOf& place_of, const Place& whole, Diagnostics& diagnostics)
      : values_(spec.values), place_of_(place_of), whole_(whole), diagnostics_(diagnostics) {}

  void finish() {
    check_benchmark();
    check_test_benchmark();
    check_split_file(values_, place_of_, whole_, diagnostics_);
    check_model();
    check_method();
    check_batch();
    finish_few_shot(values_, place_of_, [this](std::string_view key, std::string_view other, std::string what) {
      error(key, other, std::move(what));
    });
    check_sets();
    check_metrics();
    check_keep_best();
    check_artifacts(values_, place_of_, whole_, diagnostics_);
  }

 private:
  void error(std::string_view key, std::string what) {
    diagnostics_.error(place_of_(key).value_or(whole_), std::move(what));
  }
  /// Of two keys that do not fit, the one that was set.
  void error(std::string_view key, std::string_view other, std::string what) {
    error(place_of_(key) ? key : other, std::move(what));
  }

  void check_benchmark() {
    const std::string& name = values_.text("benchmark");
    const Component* known = catalogue::find(Kind::kBenchmark, name);
    if (known != nullptr) {
      if (values_.text("layout") == "default") values_.set("layout", known->layout);
    } else if (!is_benchmark_name(name)) {
      return refuse_benchmark_name(name, place_of_, whole_, diagnostics_);
    } else if (values_.text("layout") == "default") {
      const auto unknown = catalogue::lookup(Kind::kBenchmark, name);
      return error("benchmark", unknown.error().message() + ". A benchmark of your own needs `layout` set");
    }
    check_split(values_, place_of_, whole_, diagnostics_);
  }

  void check_test_benchmark() {
    const std::string& name = values_.text("test_benchmark");
    const bool has_layout = values_.text("test_layout") != "default";
    if (name == "none") {
      if (has_layout) error("test_layout", "test_layout is read with test_benchmark only, which is none");
      return;
    }
    const Component* known = catalogue::find(Kind::kBenchmark, name);
    if (known != nullptr) {
      if (!has_layout) values_.set("test_layout", known->layout);
    } else if (!is_benchmark_name(name)) {
      error("test_benchmark", "a benchmark's name has letters a to z, digits, _ and -, got " + in_quotes(name));
    } else if (!has_layout) {
      error("test_benchmark", catalogue::lookup(Kind::kBenchmark, name).error().message() +
                                  ". A benchmark of your own needs `test_layout` set");
    }
  }

  void check_model() {
    const auto arch = catalogue::parse_arch(values_.text("arch"));
    if (!arch) return error("arch", arch.error().message());
    const Component* backbone = catalogue::find(Kind::kBackbone, arch->backbone);
    const std::string& weights = values_.text("weights");
    if (!arch->script.empty() && weights != "default" && weights != "none") {
      error("weights", "a script brings its own weights: leave `weights` out or write none, got " + in_quotes(weights));
    } else if (weights == "default") {
      values_.set("weights", backbone->published_weights);
    } else if (!is_plain_name(weights)) {
      error("weights",
            "weights must be none, default, or a name of letters, digits, '.', '_' and '-', got " + in_quotes(weights));
    }
    const Component* criterion = catalogue::find(Kind::kCriterion, values_.text("criterion"));
    if (criterion->expects_unit_rows && !arch->normalize) {
      error("arch", "criterion " + criterion->name +
                        " expects embeddings of unit length: write arch: " + values_.text("arch") + "_normalize");
    }
    const Status inputs = catalogue::check_inputs(criterion->name, values_.text("arch"));
    if (!inputs.ok()) error("arch", "criterion", inputs.message());
    check_evaluated_embeddings(*arch);
    check_uniformity_prior(*backbone);
    check_crop(arch->backbone);
    check_scripts(*arch);
  }

  /// Files of people's own; whether they are there, the trial's process says.
  void check_scripts(const catalogue::Arch& arch) {
    const auto check = [&](std::string_view key, const Status& status) {
      if (!status.ok()) error(key, status.message());
    };
    const std::string& hash = values_.text("arch_sha256");
    check("arch_sha256", catalogue::check_script_hash(hash, "arch_sha256"));
    if (arch.script.empty() && !hash.empty()) error("arch_sha256", "arch_sha256 goes with arch: script:FILE.pt");
    if (values_.text("criterion") != catalogue::kScript) return;
    check("criterion.file", catalogue::check_script_file(values_.text("criterion.file"), "criterion.file"));
    check("criterion.sha256", catalogue::check_script_hash(values_.text("criterion.sha256"), "criterion.sha256"));
  }

  /// The references' sizes, unless the trial has its own (docs/data.md#pipelines).
  void check_crop(const std::string& backbone) {
    if (!place_of_("crop_size")) {
      if (backbone == "googlenet") values_.set("crop_size", std::int64_t{227});
      if (values_.text("augmentation") == "big") values_.set("crop_size", std::int64_t{256});
    }
    if (values_.integer("resize") < values_.integer("crop_size")) {
      error("resize", "crop_size",
            "resize must be crop_size (" + std::to_string(values_.integer("crop_size")) + ") or more, got " +
                std::to_string(values_.integer("resize")));
    }
  }

  void check_evaluated_embeddings(const catalogue::Arch& arch) {
    const std::string key = "evaluate.embeddings";
    const auto names = values_.texts(key);
    if (names == std::vector<std::string>{"default"}) {
      values_.set(key, catalogue::default_embeddings(arch));
      return;
    }
    if (names.empty()) error(key, key + " is empty; write default, or " + joined(catalogue::default_embeddings(arch)));
    for (const std::string& name : names) {
      const auto parsed = catalogue::parse_embeddings(name, arch);
      if (!parsed) error(key, parsed.error().message());
    }
    refuse_repeats(key, names);
  }

  void check_uniformity_prior(const Component& backbone) {
    const std::int64_t chunk = values_.integer("uniformity_prior.chunksize");
    const bool unknown = backbone.feature_dim == 0;  // a script's, which is asked when it is there
    if (values_.number("uniformity_prior.weight") == 0.0 || unknown || backbone.feature_dim % chunk == 0) return;
    error("uniformity_prior.chunksize", "uniformity_prior.weight",
          "uniformity_prior.chunksize must divide the " + std::to_string(backbone.feature_dim) +
              " features of backbone " + backbone.name + ", got " + std::to_string(chunk));
  }

  void check_method() {
    const ComponentChoice criterion{values_.text("criterion"), values_.below("criterion")};
    const Component& sampler = *catalogue::find(Kind::kSampler, values_.text("sampler"));
    const Status pairing = catalogue::check_sampler(criterion, values_.text("miner"), sampler);
    if (!pairing.ok()) error(values_.text("miner") == "none" ? "criterion" : "miner", pairing.message());
    check_sampler(sampler);
    const std::string directions = "criterion.decorrelations";
    if (values_.has(directions)) refuse_repeats(directions, values_.texts(directions));
  }

  void check_sampler(const Component& sampler) {
    if (sampler.needs_validation && values_.text("validation") == "none") {
      error("sampler", "sampler " + sampler.name +
                           " looks at images that are kept from training: write validation: samples (of each class) or "
                           "validation: classes, and validation_fraction for how many; 0.15 is the study's");
    }
    if (sampler.name != "pads") return;
    for (const auto& [parameter, what] : catalogue::check_pads(values_.below("sampler"))) {
      error("sampler." + parameter, "sampler", what);
    }
  }

  void check_batch() {
    const std::int64_t batch = values_.integer("batch_size");
    const std::int64_t per_class = values_.integer("samples_per_class");
    if (batch % per_class != 0) {
      error("batch_size", "samples_per_class",
            "batch_size (" + std::to_string(batch) + ") must be a multiple of samples_per_class (" +
                std::to_string(per_class) + ")");
    }
    const std::int64_t replicas = values_.integer("replicas");
    if (batch % replicas != 0) {
      error("batch_size", "replicas",
            "batch_size (" + std::to_string(batch) + ") must be a multiple of replicas (" + std::to_string(replicas) +
                "): each takes an equal part");
    }
  }

  void check_sets() {
    static const std::vector<std::string> kSets = {"train", "test", "val", "super"};
    const auto& sets = values_.texts("evaluate.sets");
    if (sets.empty()) error("evaluate.sets", "evaluate.sets is empty; name one or more of " + joined(kSets));
    for (const std::string& set : sets) {
      if (std::find(kSets.begin(), kSets.end(), set) == kSets.end()) {
        error("evaluate.sets", unknown_word("set", set, kSets));
      }
      if (set == "val" && values_.text("validation") == "none") {
        error("evaluate.sets", "the set val needs `validation`: split, classes or samples");
      }
      if (set == "super" && values_.text("layout") != "online_products") {
        error("evaluate.sets", "the set super needs superclasses, which layout online_products has; this one is " +
                                   in_quotes(values_.text("layout")));
      }
    }
    refuse_repeats("evaluate.sets", sets);
  }

  void check_metrics() {
    const auto& metrics = values_.texts("evaluate.metrics");
    if (metrics.empty()) error("evaluate.metrics", "evaluate.metrics is empty; name one or more metrics");
    for (const std::string& metric : metrics) {
      if (const auto name = catalogue::parse_metric(metric); !name) error("evaluate.metrics", name.error().message());
    }
    refuse_repeats("evaluate.metrics", metrics);
  }

  /// The best epoch of a metric: it must be measured, and more of it must be better. Of a recipe's metrics those that
  /// the trial measures are meant; ooDML's program compares a value with itself and so keeps none (quirk T3).
  void check_keep_best() {
    const auto& measured = values_.texts("evaluate.metrics");
    const auto is_measured = [&](const std::string& metric) {
      return std::find(measured.begin(), measured.end(), metric) != measured.end();
    };
    std::vector<std::string> wanted = values_.texts("keep_best");
    if (!place_of_("keep_best")) {
      const bool keeps_none = values_.text("recipe") == "oodml" && values_.text("compat") == "paper";
      std::erase_if(wanted, [&](const std::string& metric) { return keeps_none || !is_measured(metric); });
      values_.set("keep_best", wanted);
    }
    for (const std::string& metric : wanted) {
      if (!is_measured(metric)) {
        error("keep_best", "keep_best names " + in_quotes(metric) + ", which is not measured; evaluate.metrics has " +
                               joined(measured) + catalogue::did_you_mean(metric, measured));
        continue;
      }
      if (catalogue::parse_metric(metric) && !catalogue::larger_is_better(metric)) {
        error("keep_best", "keep_best names " + in_quotes(metric) + ", of which more is not better");
      }
    }
    refuse_repeats("keep_best", wanted);
  }

  void refuse_repeats(const std::string& key, const std::vector<std::string>& words) {
    refuse_repeated_words(key, words, place_of_, whole_, diagnostics_);
  }

  Params& values_;
  const PlaceOf& place_of_;
  const Place& whole_;
  Diagnostics& diagnostics_;
};

}  // namespace

void finish_trial(job::TrialSpec& spec, const PlaceOf& place_of, const Place& whole, Diagnostics& diagnostics) {
  Finisher(spec, place_of, whole, diagnostics).finish();
}

}  // namespace oodml::sweep
