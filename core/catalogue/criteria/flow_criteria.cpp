#include "core/catalogue/lists.h"

namespace oodml::catalogue {
namespace {

Component nir() {
  return Entry(Kind::kCriterion, "nir", "ProxyAnchor with a normalising flow against collapsed classes")
      .expects_unit_rows()
      .trains_parameters()
      .number("w_align", 0.01, {.at_least = 0.0}, "weight of the proxy loss; that of the flow loss is 1")
      .number("proxy_lrmulti", 4000.0, {.at_least = 0.0}, "learning rate of the proxies, times lr")
      .number("lrmulti", 50.0, {.at_least = 0.0}, "learning rate of the flow and its conditions, times lr")
      .number("noise", 0.0, {.at_least = 0.0}, "uniform noise added to the flow's input, times this")
      .choice("nf_cond_mode", "dense",
              {"dense", "dense_embed", "dense_embed_multi", "dense_embed_multi_stacked", "start", "mid", "end"},
              "which blocks see the proxy, and through what nets")
      .integer("nf_cblocks", 5, {.at_least = 1, .at_most = 1000}, "coupling blocks")
      .integer("nf_fc_depth", 8, {.at_least = 2, .at_most = 1000}, "linear layers of a subnet")
      .integer("nf_fc_width", 128, {.at_least = 1}, "width of a subnet's hidden layers")
      .number("nf_clamp_alpha", 2.0, {.at_least = 0.0}, "bound of a block's log scale")
      .choice("nf_fc_init", "none", {"none", "xavier"}, "initial values of a subnet's layers after the first")
      .number("pos_alpha", 32.0, {.above = 0.0}, "sharpness of the proxy loss's positive term")
      .number("neg_alpha", 32.0, {.above = 0.0}, "sharpness of the proxy loss's negative term")
      .number("pos_delta", 0.1, {}, "margin of the proxy loss's positive term, cosine similarity")
      .number("neg_delta", -0.1, {}, "margin of the proxy loss's negative term, cosine similarity")
      .from("Roth et al., CVPR 2022")
      .component;
}

}  // namespace

std::vector<Component> flow_criteria() { return {nir()}; }

}  // namespace oodml::catalogue
