#pragma once

#include <cstdint>
#include <filesystem>
#include <memory>
#include <string>
#include <vector>

#include "core/data/image_source.h"

namespace oodml::data {

struct ImageClass {
  std::string name;                  ///< Folder name, item number, ...: as split files write it.
  std::vector<std::int64_t> images;  ///< Indices into the source, in the order of docs/data.md#layouts.
  std::int64_t id = 0;               ///< Its number in SOP's info files, from 1 on; 0 in the other layouts.
  std::int64_t superclass = 0;       ///< Number of its category in SOP's info files; 0 in the other layouts.
};

/// A category of SOP.
struct Superclass {
  std::int64_t id = 0;  ///< Its number in the info files, from 1 on.
  std::string name;     ///< Its folder, as fan_final.
};

/// How `validation: samples` cuts the images of each class (docs/data.md#validation).
enum class SampleCut {
  kSpread,  ///< Training images are spread evenly over the class: CUB200-2011, and layouts of our own.
  kDrawn,   ///< They are drawn with a seed: CARS196.
  kFirst,   ///< They are the first ones: Stanford Online Products.
};

/// One benchmark on disk: its classes in canonical order and where the images are. Immutable, shared.
struct Benchmark {
  std::string name;
  std::vector<ImageClass> classes;
  std::shared_ptr<const ImageSource> source;
  /// First classes that the default rule (docs/data.md#default-split) trains on; the rest is its test set.
  std::vector<std::string> default_train, default_test;
  std::vector<Superclass> superclasses;  ///< In the order in which SOP's info files name them; else empty.
  SampleCut sample_cut = SampleCut::kSpread;
  std::vector<std::string> empty_classes;  ///< Class folders without an image: no classes, until a split asks for one.
  std::vector<std::string> skipped;        ///< Files that were not taken for images, with the reason.
  std::vector<std::string> notes;          ///< What is odd about the folder, but kept nothing from being read.
};

/// A set of a trial (train, test, val, super): classes renumbered 0..n-1, samples in class order.
struct Dataset {
  struct Sample {
    std::int64_t image = 0;  ///< index into the source
    std::int64_t label = 0;
  };
  std::shared_ptr<const ImageSource> source;
  std::vector<std::string> class_names;
  std::vector<Sample> samples;                      ///< by ascending label, then in class order
  std::vector<std::vector<std::int64_t>> by_class;  ///< label -> positions in `samples`
};

}  // namespace oodml::data
