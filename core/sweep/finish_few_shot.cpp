#include "core/sweep/finish_few_shot.h"

#include <algorithm>

#include "core/base/words.h"
#include "core/catalogue/catalogue.h"
#include "core/catalogue/few_shot.h"

namespace oodml::sweep {
namespace {

using catalogue::Component;
using catalogue::Kind;

bool has(const std::vector<std::string>& words, std::string_view word) {
  return std::ranges::find(words, word) != words.end();
}

class FewShotFinisher {
 public:
  FewShotFinisher(Params& values, const PlaceOf& place_of, const Refuse& refuse)
      : values_(values), place_of_(place_of), refuse_(refuse) {}

  void finish() {
    if (values_.integer("few_shot.shots") == 0) return refuse_keys_without_shots();
    if (values_.text("split") == "default") {
      refuse_("few_shot.shots", "split",
              "few_shot.shots needs a split id, whose file has episodes: write split: 1; the default split has none");
    }
    check_method();
    choose_embeddings();
    if (values_.text("few_shot.select") == "best") check_selection();
  }

 private:
  /// Somebody who sets the steps and forgets the shots would get no episode.
  void refuse_keys_without_shots() {
    if (place_of_("few_shot.shots")) return;
    for (const catalogue::Parameter& key : catalogue::trial_keys()) {
      if (key.name.starts_with("few_shot.") && place_of_(key.name)) {
        refuse_(key.name, key.name,
                key.name + " is read with few_shot.shots only, which is 0 (off); write few_shot.shots: 2");
      }
    }
  }

  void check_method() {
    const std::string criterion = values_.text("few_shot.criterion");
    if (values_.text("few_shot.miner") == "default") {
      values_.set("few_shot.miner", catalogue::few_shot_miner_of(criterion));
    }
    const Status pairing = catalogue::check_pairing({criterion, {}}, values_.text("few_shot.miner"));
    if (!pairing.ok()) refuse_("few_shot.miner", "few_shot.criterion", "few_shot: " + pairing.message());
    const Component& entry = *catalogue::find(Kind::kCriterion, criterion);
    const auto arch = catalogue::parse_arch(values_.text("arch"));
    if (arch && entry.expects_unit_rows && !arch->normalize) {
      refuse_("few_shot.criterion", "arch",
              "few_shot.criterion " + criterion +
                  " expects embeddings of unit length: write arch: " + values_.text("arch") + "_normalize");
    }
    if (criterion == "margin" && values_.number("few_shot.beta") < 0) {
      values_.set("few_shot.beta", catalogue::few_shot_criterion(values_).params.number("beta"));
    }
  }

  void choose_embeddings() {
    const std::string key = "few_shot.embeddings";
    const auto& names = values_.texts("evaluate.embeddings");
    if (values_.text(key) == "default") {
      values_.set(key, catalogue::few_shot_embeddings_of(values_.text("benchmark"), names));
    } else if (!has(names, values_.text(key))) {
      refuse_(key, "evaluate.embeddings",
              key + " '" + values_.text(key) + "' is not evaluated; evaluate.embeddings has " + joined(names) +
                  catalogue::did_you_mean(values_.text(key), names));
    }
  }

  void check_selection() {
    if (values_.text("validation") == "none") {
      return refuse_("few_shot.shots", "validation",
                     "few_shot.shots selects an epoch on validation, but validation is none: write validation: split "
                     "for the lists of the split file (classes and samples do as well), or few_shot.select: last");
    }
    if (!place_of_("evaluate.sets")) put_val_for_test();
    if (!has(values_.texts("evaluate.sets"), "val")) {
      refuse_(
          "evaluate.sets", "few_shot.shots",
          "few_shot.shots selects an epoch on the set val: add val to evaluate.sets, or write few_shot.select: last");
    }
    const auto& metrics = values_.texts("evaluate.metrics");
    std::vector<std::string> missing;
    if (!has(metrics, "e_recall@1")) missing.emplace_back("e_recall@1");
    const bool recall_only = values_.flag("few_shot.recall_only");
    if (!recall_only && !has(metrics, "mAP_1000")) missing.emplace_back("mAP_1000");
    if (missing.empty()) return;
    const bool only_map = missing.front() == "mAP_1000";
    refuse_("evaluate.metrics", "few_shot.shots",
            "few_shot.shots selects an epoch by e_recall@1" + std::string(recall_only ? "" : " and mAP_1000") +
                ": add " + joined(missing, " and ") + " to evaluate.metrics, or write " +
                (only_map ? "few_shot.recall_only: true" : "few_shot.select: last"));
  }

  /// As the study's few-shot programs, which look at no test set while they train.
  void put_val_for_test() {
    auto sets = values_.texts("evaluate.sets");
    std::ranges::replace(sets, std::string("test"), std::string("val"));
    if (std::ranges::count(sets, "val") > 1) return;
    values_.set("evaluate.sets", sets);
  }

  Params& values_;
  const PlaceOf& place_of_;
  const Refuse& refuse_;
};

}  // namespace

void finish_few_shot(Params& values, const PlaceOf& place_of, const Refuse& refuse) {
  FewShotFinisher(values, place_of, refuse).finish();
}

}  // namespace oodml::sweep
