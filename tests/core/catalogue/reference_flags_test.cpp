#include "core/catalogue/reference_flags.h"

#include <gtest/gtest.h>

namespace oodml::catalogue {
namespace {

TEST(ReferenceFlagsTest, RenamedFlagsAndThoseOfComponentsHaveAKey) {
  EXPECT_EQ(key_of_reference_flag("decay"), "weight_decay");
  EXPECT_EQ(key_of_reference_flag("no_train_metrics"), "evaluate.sets");
  EXPECT_EQ(key_of_reference_flag("loss_margin_beta"), "criterion.beta");
  EXPECT_EQ(key_of_reference_flag("loss_margin_beta_lr"), "criterion.beta_lr");
  EXPECT_EQ(key_of_reference_flag("miner_rho_distance_cp"), "miner.cp");
  EXPECT_EQ(key_of_reference_flag("policy_sample_freq"), "sampler.sample_freq");
  EXPECT_EQ(key_of_reference_flag("train_val_split"), "validation_fraction");
  EXPECT_EQ(key_of_reference_flag("loss_nir_w_align"), "criterion.w_align");
  EXPECT_EQ(key_of_reference_flag("store_improvements"), "keep_best");
  EXPECT_EQ(key_of_reference_flag("data_batchmatch_bigbs"), "sampler.bigbs");
}

TEST(ReferenceFlagsTest, OtherWordsHaveNone) {
  for (const char* word : {"", "lr", "loss_", "loss_margin_", "loss_margin_bet", "miner_margin_beta", "epocs"}) {
    EXPECT_EQ(key_of_reference_flag(word), "") << word;
  }
}

}  // namespace
}  // namespace oodml::catalogue
