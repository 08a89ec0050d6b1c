#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "core/base/result.h"
#include "core/catalogue/component.h"

namespace oodml::catalogue {

/// Every component of one kind, in the order the tables print them.
const std::vector<Component>& components(Kind kind);

/// The entry of that name or alias, or nullptr.
const Component* find(Kind kind, std::string_view name);

/// The entry, or kInvalidArgument: "unknown criterion 'marign'; did you mean 'margin'? Known: ...".
Result<const Component*> lookup(Kind kind, std::string_view name);

/// The name of the entry; a word that is no component's stays as it is.
std::string name_of(Kind kind, std::string_view name_or_alias);

/// The keys of a trial that are not parameters of a component: epochs, batch_size, evaluate.metrics, ...
/// Keys with a dot are written as nested maps in YAML.
const std::vector<Parameter>& trial_keys();
const Parameter* find_trial_key(std::string_view name);

/// The kinds that a trial chooses by name, as keys: criterion, miner, sampler, benchmark.
const std::vector<Kind>& chosen_kinds();

/// A backbone name taken apart: resnet50_frozen_normalize, multifeature_resnet50_frozen_normalize,
/// script:vit_small.pt_normalize.
struct Arch {
  std::string backbone;        ///< resnet50
  std::string script;          ///< FILE.pt of script:FILE.pt, whose backbone is `script`; else empty.
  bool frozen = false;         ///< Batch norm in evaluation mode for good; its affine parameters train.
  bool normalize = false;      ///< Unit-length embeddings.
  bool double_pool = false;    ///< Global average + global maximum pooling.
  bool lp2_pool = false;       ///< Adds (sum x^2)^(1/2) over the map.
  bool lp3_pool = false;       ///< Adds (sum x^3)^(1/3) over the map.
  bool kaiming_head = false;   ///< Written he: head weights N(0, 2 / embed_dim), bias 0.
  bool several_heads = false;  ///< One linear head for each of head_names(); written as the prefix multifeature_.
};
/// kInvalidArgument with the known backbones or the accepted modifiers.
Result<Arch> parse_arch(std::string_view arch);
/// The heads of a multifeature_ arch, in the order they are made: discriminative, shared, selfsimilarity, intra.
const std::vector<std::string>& head_names();

/// A metric as written: e_recall@4, dists@intra, nmi.
struct MetricName {
  std::string base;     ///< e_recall, dists, nmi
  std::string variant;  ///< intra, inter; empty otherwise
  std::int64_t k = 0;   ///< k of e_recall, m of rho_spectrum; 0 otherwise
};
Result<MetricName> parse_metric(std::string_view metric);
/// Whether it is a list of numbers (rho_spectrum@0), which is no column of a table: results.json alone has it. Also
/// with the embeddings that it is of behind a slash.
bool is_list_metric(std::string_view metric);

/// Embeddings as evaluated: the network's only ones (`embeds`), heads joined with a weight each, as in
/// Combined_discriminative_shared-1-0.5 (a weight left out is 1, quirk Q44), or the backbone's pooled vector
/// (`avg_features`).
struct Embeddings {
  std::vector<std::string> heads;  ///< Empty for `embeds` and `avg_features`.
  std::vector<double> weights;     ///< One a head.
  bool are_features = false;       ///< `avg_features`
};
/// kInvalidArgument with what a network of that arch offers.
Result<Embeddings> parse_embeddings(std::string_view text, const Arch& arch);
/// embeds; of a network with several heads the three weightings that DiVA is evaluated with.
std::vector<std::string> default_embeddings(const Arch& arch);

/// Whether a criterion may be joined with a miner ("none" for no miner); the failure says what would be accepted.
/// Of the choice's parameters only those that name criteria inside (s2sd) matter; a missing one is its default.
Status check_pairing(const ComponentChoice& criterion, std::string_view miner);

/// Whether a sampler that chooses the triplets of its batches may be joined with the criterion and the miner beside it,
/// which must be none; for other samplers check_pairing says it.
Status check_sampler(const ComponentChoice& criterion, std::string_view miner, const Component& sampler);

/// What a criterion may read beside embeddings and labels.
struct Input {
  std::string name;     ///< features, heads, keys, rotation
  std::string meaning;  ///< One line.
};
const std::vector<Input>& known_inputs();
/// Whether the criterion reads that input.
bool reads(const Component& criterion, std::string_view input);

/// Whether a network of that arch offers what the criterion reads; the failure names the arch to write.
Status check_inputs(std::string_view criterion, std::string_view arch);

/// How its numbers relate to the references': "as the references", "corrected; compat: paper gives the references'
/// form", or "ours".
std::string status_of(const Component& component);

/// ", in which U+0435 is no ASCII letter": for a word that may only look like the one that it is taken for; empty when
/// all its characters are ASCII.
std::string beyond_ascii(std::string_view word);

/// The known word nearest to `word` by edit distance, or "" when none is near.
std::string nearest(std::string_view word, const std::vector<std::string>& known);

/// "; did you mean 'margin'?", or "" when none is near.
std::string did_you_mean(std::string_view word, const std::vector<std::string>& known);

}  // namespace oodml::catalogue
