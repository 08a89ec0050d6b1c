#pragma once

#include "core/base/seeds.h"
#include "core/samplers/batch_sampler.h"

namespace oodml::samplers {

/// An entry of a list that is not empty, uniformly.
std::int64_t one_of(const std::vector<std::int64_t>& entries, Random& random);

/// Appends `count` images of a class, drawn with replacement.
void append_images(const data::Dataset& dataset, std::int64_t label, std::int64_t count, Random& random, Batch& batch);

/// Appends, for each position of the batch as it is, in order, `count` images of its class, drawn with replacement.
void append_classmates(const data::Dataset& dataset, std::int64_t count, Random& random, Batch& batch);

/// A place drawn with these probabilities, which sum to 1; never one of probability zero.
std::int64_t place_by(const std::vector<double>& probabilities, Random& random);

/// `count` different numbers out of {0, ..., total - 1}, every ordered choice equally likely; count <= total.
std::vector<std::int64_t> distinct_below(std::int64_t total, std::int64_t count, Random& random);

/// Independent standard normal numbers: [rows, columns] double.
torch::Tensor normal_numbers(std::int64_t rows, std::int64_t columns, Random& random);

}  // namespace oodml::samplers
