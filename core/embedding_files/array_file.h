#pragma once

#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "core/base/result.h"
#include "core/base/safetensors.h"
#include "core/base/zip.h"
#include "core/embedding_files/array.h"

namespace oodml::embedding_files {

/// The arrays of an .npz or .safetensors file by their names.
class ArrayFile {
 public:
  static Result<ArrayFile> open_npz(std::string bytes, const std::string& name);
  static Result<ArrayFile> open_safetensors(std::string bytes, const std::string& name);

  std::vector<std::string> names() const;
  /// kInvalidArgument for an array that is not there (says which are) or not of numbers or texts, kDataLoss for a
  /// damaged one; both start with the file's name.
  Result<Array> read(const std::string& array) const;

  const std::string& name() const { return name_; }
  /// "x_train [60000, 784] of float, y_train [60000] of integers": what there is, for messages.
  std::string contents() const;

 private:
  /// An archive and the bytes it points into.
  struct Npz {
    std::shared_ptr<const std::string> bytes;
    ZipArchive archive;
  };

  ArrayFile(std::variant<Npz, SafetensorsFile> file, const std::string& name) : file_(std::move(file)), name_(name) {}

  std::variant<Npz, SafetensorsFile> file_;
  std::string name_;
};

/// The array of a .npy file.
Result<Array> read_npy(std::string_view bytes, const std::string& name);

/// "[48, 8]".
std::string shape_text(const torch::Tensor& tensor);

}  // namespace oodml::embedding_files
