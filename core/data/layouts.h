#pragma once

#include <filesystem>

#include "core/base/result.h"
#include "core/data/dataset.h"
#include "core/data/folder_listing.h"

namespace oodml::data {

/// How each layout (docs/data.md#layouts) is read; `lister` is asked for what is in a folder. `name` of the result is
/// left empty. A layout that has no train and test files of its own leaves default_train and default_test empty too:
/// open_benchmark applies the common rule.

/// images/<NNN>.<Name>/: classes by ascending NNN, named as the folder.
Result<Benchmark> read_cub200(const std::filesystem::path& folder, FolderLister& lister);

/// images/<Class name>/: classes in order of bytes.
Result<Benchmark> read_cars196(const std::filesystem::path& folder, FolderLister& lister);

/// <class>/, or images/<class>/ where images/ is there.
Result<Benchmark> read_image_folder(const std::filesystem::path& folder, FolderLister& lister);

/// Ebay_train.txt and Ebay_test.txt in Info_Files/ or, as in the official archive, at the root; categories in images/
/// or at the root. Classes by ascending class id, named by their item number. Bad records are named by file, line and
/// reason.
Result<Benchmark> read_online_products(const std::filesystem::path& folder, FolderLister& lister);

/// train- and (if there) t10k-images-idx3-ubyte[.gz] with their labels, held in memory. Classes by ascending label,
/// named by the line of classes.txt if there, else by the label.
Result<Benchmark> read_idx(const std::filesystem::path& folder, FolderLister& lister);

}  // namespace oodml::data
