#include <algorithm>
#include <array>

#include "core/samplers/batch_sampler.h"
#include "core/samplers/batchmatch.h"
#include "core/samplers/class_coreset.h"
#include "core/samplers/class_random.h"
#include "core/samplers/d2_coreset.h"
#include "core/samplers/greedy_coreset.h"
#include "core/samplers/infobatch.h"
#include "core/samplers/pads.h"
#include "core/samplers/random.h"
#include "core/samplers/semi_class_random.h"

namespace oodml::samplers {
namespace {

struct Entry {
  std::string_view name;
  Result<std::unique_ptr<BatchSampler>> (*make)(const ComponentChoice& choice, const SamplerContext& context);
};

constexpr std::array kEntries = {
    Entry{"class_random", make_class_random},
    Entry{"random", make_random},
    Entry{"greedy_coreset", make_greedy_coreset},
    Entry{"d2_coreset", make_d2_coreset},
    Entry{"disthist_batchmatch", make_disthist_batchmatch},
    Entry{"fid_batchmatch", make_fid_batchmatch},
    Entry{"pads", make_pads},
    Entry{"semi_class_random", make_semi_class_random},
    Entry{"greedy_class_coreset", make_greedy_class_coreset},
    Entry{"greedy_semi_class_coreset", make_greedy_semi_class_coreset},
    Entry{"presampled_infobatch", make_presampled_infobatch},
};

/// What every sampler asks of its batches and its dataset.
Status check_context(const SamplerContext& context) {
  const std::int64_t batch = context.batch_size, per_class = context.samples_per_class;
  if (batch < 1 || per_class < 1 || batch % per_class != 0) {
    return invalid_argument("batch_size " + std::to_string(batch) + " is not divisible by samples_per_class " +
                            std::to_string(per_class) + "; take a multiple of it");
  }
  const auto& classes = context.dataset->by_class;
  if (classes.empty() || std::ranges::any_of(classes, [](const auto& images) { return images.empty(); })) {
    return invalid_argument("the training set has no classes, or classes without images");
  }
  const auto samples = static_cast<std::int64_t>(context.dataset->samples.size());
  if (context.steps_per_epoch == 0 && samples < batch) {
    return invalid_argument("the training set has " + std::to_string(samples) + " images, less than one batch of " +
                            std::to_string(batch) + "; take a smaller batch_size, or set steps_per_epoch");
  }
  return {};
}

}  // namespace

Result<std::unique_ptr<BatchSampler>> make_sampler(const ComponentChoice& choice, const SamplerContext& context) {
  std::string known;
  for (const Entry& entry : kEntries) {
    if (entry.name == choice.name) {
      OODML_RETURN_IF_ERROR(check_context(context));
      return entry.make(choice, context);
    }
    known += (known.empty() ? "" : ", ") + std::string(entry.name);
  }
  return invalid_argument("unknown sampler '" + choice.name + "'; known: " + known);
}

std::vector<std::string> sampler_names() {
  std::vector<std::string> names;
  for (const Entry& entry : kEntries) names.emplace_back(entry.name);
  return names;
}

}  // namespace oodml::samplers
