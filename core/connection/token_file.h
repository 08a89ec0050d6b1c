#pragma once

#include <filesystem>
#include <functional>
#include <mutex>
#include <optional>
#include <string>

#include "core/base/file_stamp.h"
#include "core/base/result.h"

namespace oodml {

/// `text` without the blanks around it. A token goes into a header: anything but printable ASCII would be refused
/// there, without saying where it came from; `where` is named in the failure.
Result<std::string> checked_token(const std::string& text, const std::string& where);

/// The token in a file that nobody else may read; `where` says who named it ("--token-file").
Result<std::string> read_token_file(const std::filesystem::path& file, const std::string& where);

/// The token of a program that runs for long: its file may be replaced meanwhile. Safe from any thread.
class HeldToken {
 public:
  /// Hears when the file was read again, or once for each change why it could not be; may be empty.
  using Said = std::function<void(const Status&)>;

  /// `token`: what was read so far. Without a `file` it stays.
  explicit HeldToken(std::string token, std::filesystem::path file = {}, Said said = {});

  /// The token now; one stat where the file is as it was. What cannot be used leaves the old in its place.
  std::string get() const;

 private:
  const std::filesystem::path file_;
  const Said said_;
  mutable std::mutex mutex_;  // guards all below
  mutable std::string token_;
  mutable std::optional<FileStamp> seen_;
};

}  // namespace oodml
