#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/base/params.h"

namespace oodml::catalogue {

enum class ValueType { kFlag, kInteger, kNumber, kText, kIntegers, kNumbers, kTexts };

/// "true or false", "an integer", "a list of texts", ... for messages and tables.
const char* to_text(ValueType type);

/// One value a sweep may set: a key of a trial, or a parameter of a component.
struct Parameter {
  std::string name;  ///< As in the references, without their prefix: `beta`, `lower_cutoff`.
  ValueType type = ValueType::kNumber;
  Value fallback = 0.0;            ///< Used when the sweep does not say; always of `type`.
  std::optional<double> at_least;  ///< Inclusive bound; for lists, of every entry.
  std::optional<double> at_most;
  std::optional<double> above;  ///< Exclusive bound.
  std::optional<double> below;
  std::vector<std::string> choices;  ///< The texts that are accepted; empty when any is.
  bool is_interval = false;          ///< A list of two numbers, the smaller first.
  std::string help;                  ///< One line, with the unit.
  std::string source;                ///< Where the default comes from.
  bool changes_result = true;        ///< False leaves the key out of the fingerprint (loader_threads).
  bool leaves_files = false;         ///< It asks for files that somebody may look for (keep_best), beside the figures.

  /// "0.2 or more", "one of anchor, nca", "1 to 64": the accepted values in words; empty when any is.
  std::string range_text() const;
};

enum class Kind { kCriterion, kMiner, kSampler, kBackbone, kMetric, kBenchmark };

/// criteria, miners, samplers, backbones, metrics, benchmarks: as `oodml components` heads them.
const char* to_plural(Kind kind);
/// criterion, miner, ...: as keys of a trial and in messages.
const char* to_text(Kind kind);

/// What a sweep can name. Built with the chain of setters below; plain data afterwards.
struct Component {
  Kind kind = Kind::kCriterion;
  std::string name;                  ///< As the field writes it: multisimilarity, e_recall.
  std::vector<std::string> aliases;  ///< What else it may be called in a sweep; a trial has `name`.
  std::string summary;               ///< One line.
  std::string paper;                 ///< Authors, venue, year.
  std::vector<Parameter> parameters;

  // Criteria.
  bool needs_miner = false;                  ///< Else `miner` must be none.
  bool may_mine = false;                     ///< Of those without needs_miner: it takes one that gives triplets, too.
  bool trains_parameters = false;            ///< Adds an optimiser group of its own.
  bool expects_unit_rows = false;            ///< Wants an arch with `normalize`.
  std::vector<std::string> miners;           ///< Allowed miners; empty: every miner that gives triplets.
  std::vector<std::string> inputs;           ///< Read beside embeddings and labels: see known_inputs().
  std::vector<std::string> criteria_inside;  ///< Parameters that name criteria which the trial's miner also serves.

  // Samplers.
  bool mines_triplets = false;    ///< Chooses the triplets of its batches too, in the place of a miner.
  bool needs_validation = false;  ///< Looks at images that `validation` keeps from training.

  // Miners.
  bool gives_sets = false;  ///< Gives sets of positives or negatives instead of triplets.

  // Criteria, miners, samplers, metrics.
  std::vector<std::string> paper_mode;  ///< What `compat: paper` changes, a line each: "Q8: ...". Empty: nothing.
  bool ours = false;                    ///< No reference has it, so there is nothing to be equal to.

  // Backbones.
  std::string published_weights;       ///< What `weights: default` means; "none" when there are none.
  std::vector<std::string> modifiers;  ///< Accepted after the name, joined by `_`: frozen, normalize, double, ...
  std::int64_t feature_dim = 0;        ///< F, the width of the pooled vector.

  // Metrics.
  bool takes_k = false;               ///< Written name@k with k >= 1.
  bool takes_order = false;           ///< Written name@m with any integer m.
  std::vector<std::string> variants;  ///< Written name@variant with one of these: intra, inter, ...
  bool is_distance = false;           ///< No score: smaller is not worse, and no best epoch is kept for it.

  // Benchmarks.
  std::string layout;                  ///< cub200, cars196, online_products, image_folder, idx.
  std::vector<std::string> split_ids;  ///< Official ids, in order.
  std::string default_split;           ///< The id that equals the standard split.

  const Parameter* find(std::string_view parameter) const;
};

/// The chain that entries are written with (core/catalogue/criteria/tuple_criteria.cpp shows it best).
class Entry {
 public:
  Entry(Kind kind, std::string name, std::string summary);

  struct Bounds {
    std::optional<double> at_least = {}, at_most = {}, above = {}, below = {};
  };
  Entry& number(std::string name, double fallback, Bounds bounds, std::string help);
  Entry& integer(std::string name, std::int64_t fallback, Bounds bounds, std::string help);
  Entry& flag(std::string name, bool fallback, std::string help);
  Entry& integers(std::string name, std::vector<std::int64_t> fallback, Bounds bounds, std::string help);
  Entry& numbers(std::string name, std::vector<double> fallback, Bounds bounds, std::string help);
  Entry& interval(std::string name, double low, double high, Bounds bounds, std::string help);
  Entry& texts(std::string name, std::vector<std::string> fallback, std::string help);
  Entry& text(std::string name, std::string fallback, std::string help);
  Entry& choice(std::string name, std::string fallback, std::vector<std::string> choices, std::string help);
  Entry& from(std::string paper);
  Entry& needs_miner();
  Entry& needs_miner(std::vector<std::string> allowed);
  Entry& may_mine();
  Entry& reads(std::string input);
  Entry& in_paper_mode(std::string change);
  Entry& gives_sets();
  Entry& mines_triplets();
  Entry& needs_validation();
  Entry& also_called(std::string alias);
  Entry& trains_parameters();
  Entry& expects_unit_rows();

  Component component;
};

}  // namespace oodml::catalogue
