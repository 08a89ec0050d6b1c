#include "core/catalogue/lists.h"

namespace oodml::catalogue {
namespace {

constexpr auto kComparison = "Roth et al., ICML 2020";

Entry entry(std::string name, std::string summary) {
  return Entry(Kind::kSampler, std::move(name), std::move(summary));
}

/// The parameters of every sampler that looks at stored embeddings.
Entry with_store(Entry sampler) {
  return sampler
      .integer("lowproj_dim", -1, {.at_least = -1},
               "dimensions the embeddings are projected to at random, anew for each batch; below 1: no projection")
      .flag("storage_no_update", false, "keep looking at the embeddings of the untrained network");
}

/// And of those that look at so many of them for a batch.
Entry with_big_batch(Entry sampler) {
  return with_store(
      sampler.integer("bigbs", 512, {.at_least = 2}, "samples looked at for a batch; at most all of the training set"));
}

Component class_random() {
  return entry("class_random", "Classes drawn with replacement, then images of each with replacement")
      .number("internal_split", 1.0, {.at_most = 1.0, .above = 0.0},
              "share of the classes (and draws) that come first in the batch; 1 is off")
      .flag("ssl_set", false, "draw half a batch and repeat it once, with other augmentation")
      .from(kComparison)
      .component;
}

Component random() {
  return entry("random", "Each image from a class drawn uniformly, the last from one already there")
      .also_called("full")
      .from(kComparison)
      .component;
}

Component greedy_coreset() {
  return with_big_batch(entry("greedy_coreset", "Classes of samples that lie farthest from each other"))
      .flag("gc_softened", false, "draw each pick from the 3 percent farthest instead of taking the farthest")
      .from(kComparison)
      .component;
}

Component d2_coreset() {
  return with_big_batch(entry("d2_coreset", "Classes of samples drawn far apart and where embeddings are dense"))
      .number("d2_coreset_lambda", 1.0, {.at_least = 0.0}, "exponent of the squared distance to those drawn")
      .from(kComparison)
      .component;
}

Component semi_class_random() {
  return entry("semi_class_random", "Pairs: an image drawn from all, and one of its class").from(kComparison).component;
}

Component greedy_class_coreset() {
  return with_store(entry("greedy_class_coreset", "Random classes, of each the images that lie farthest apart")
                        .integer("bigbs", 512, {.at_least = 2}, "images of a class looked at; at most all of them"))
      .from(kComparison)
      .component;
}

Component greedy_semi_class_coreset() {
  return with_store(entry("greedy_semi_class_coreset",
                          "Half a batch of samples farthest from each other, and one of "
                          "the class of each")
                        .number("primary_subset_perc", 0.1, {.at_most = 1.0, .above = 0.0},
                                "share of the training set that is looked at for a batch"))
      .from(kComparison)
      .component;
}

Component presampled_infobatch() {
  return with_big_batch(entry("presampled_infobatch",
                              "Half a batch of pairs drawn inversely to how common their distance is, and one of the "
                              "class of each"))
      .from(kComparison)
      .component;
}

/// A sampler that keeps the best of several batches.
Component batchmatch(std::string name, std::string summary) {
  return with_big_batch(entry(std::move(name), std::move(summary)))
      .integer("ncomps", 10, {.at_least = 1}, "candidates, of which the one most like the larger batch is kept")
      .from(kComparison)
      .component;
}

}  // namespace

std::vector<Component> samplers() {
  return {class_random(),
          random(),
          greedy_coreset(),
          d2_coreset(),
          batchmatch("disthist_batchmatch", "The candidate whose pairwise distances are spread as in a larger batch"),
          batchmatch("fid_batchmatch", "The candidate with the smallest Fréchet distance to a larger batch"),
          semi_class_random(),
          greedy_class_coreset(),
          greedy_semi_class_coreset(),
          presampled_infobatch()};
}

}  // namespace oodml::catalogue
