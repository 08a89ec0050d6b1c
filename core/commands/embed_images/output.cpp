#include "core/commands/embed_images/output.h"

#include "core/base/atomic_file.h"
#include "core/base/words.h"
#include "core/embedding_files/write_npy.h"

namespace oodml::commands {
namespace fs = std::filesystem;

std::vector<fs::path> EmbeddingOutput::files() const {
  std::vector<fs::path> all = {paths, classes, rows};
  if (!labels.empty()) all.push_back(labels);
  return all;
}

Result<EmbeddingOutput> plan_output(const fs::path& name, bool force) {
  const std::string ending = name.extension().string();
  if (ending != ".npz" && ending != ".npy") {
    return invalid_argument("-o " + name.string() + ": the name must end in .npz or .npy");
  }
  const auto beside = [&](const char* what) { return fs::path(name).replace_extension(what); };
  EmbeddingOutput output{.rows = name, .paths = beside(".paths.txt"), .classes = beside(".classes.txt")};
  if (ending == ".npy") output.labels = beside(".labels.npy");
  std::error_code ignored;
  if (name.has_parent_path() && !fs::is_directory(name.parent_path(), ignored)) {
    return not_found("-o " + name.string() + ": no folder " + name.parent_path().string());
  }
  std::vector<std::string> there;
  for (const fs::path& file : output.files()) {
    if (fs::exists(file, ignored)) there.push_back(file.string());
  }
  if (force || there.empty()) return output;
  return failure(StatusCode::kAlreadyExists, joined(there) + ": already there; --force writes over it");
}

Status write_output(const EmbeddingOutput& output, const torch::Tensor& rows, const data::Dataset& dataset) {
  std::string paths, classes;
  std::vector<std::int64_t> numbers;
  for (const data::Dataset::Sample& sample : dataset.samples) {
    paths += dataset.source->name(sample.image) + "\n";
    numbers.push_back(sample.label);
  }
  for (const std::string& name : dataset.class_names) classes += name + "\n";
  OODML_RETURN_IF_ERROR(write_file_atomically(output.paths, paths));
  OODML_RETURN_IF_ERROR(write_file_atomically(output.classes, classes));
  const torch::Tensor labels = torch::tensor(numbers, at::kLong);
  if (output.labels.empty()) {
    return embedding_files::write_npz(output.rows, {{"embeddings", rows}, {"labels", labels}});
  }
  OODML_RETURN_IF_ERROR(embedding_files::write_npy(output.labels, labels));
  return embedding_files::write_npy(output.rows, rows);
}

}  // namespace oodml::commands
