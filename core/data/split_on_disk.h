#pragma once

#include <string>
#include <vector>

#include "core/base/result.h"
#include "core/data/dataset.h"
#include "core/splits/split_file.h"

namespace oodml::data {

/// Whether the benchmark has every class of train and test. The failure names those it lacks, with their places in the
/// split, and says which of them have a folder without images.
Status check_on_disk(const Benchmark& benchmark, const splits::Split& split);

/// Puts names where the split has class ids (SOP's file, docs/data.md#splits-on-disk) and checks it again. The failure
/// names the ids, and before them the items of train and test, that the benchmark does not have. A split without ids
/// stays as it is.
Status name_classes(const Benchmark& benchmark, splits::Split& split);

/// In what a split does not fit the images on disk, one text a thing, empty when it fits: classes without a folder or
/// without images, support images that are not there, and classes of whose images an episode leaves fewer than the two
/// that can find each other. The split has names (name_classes).
std::vector<std::string> misfits_on_disk(const Benchmark& benchmark, const splits::Split& split);

}  // namespace oodml::data
