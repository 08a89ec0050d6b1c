#pragma once

#include <sys/types.h>

#include <cstdint>
#include <filesystem>
#include <string>
#include <string_view>

#include "core/base/result.h"

namespace oodml {

/// The whole of a file that only its owner may know: a token, a private key. As read_file, and kInvalidArgument when
/// others can read or write it, with the `chmod` that mends it; `what` names it there ("token file"). Root may share
/// its files with one group (0640), as Debian's ssl-cert does; pipes are taken as they are.
Result<std::string> read_private_file(const std::filesystem::path& file, std::uint64_t max_bytes,
                                      std::string_view what);

/// Whether a regular file with this owner and mode can be read or written by others than `me` and root.
bool is_open_to_others(uid_t owner, mode_t mode, uid_t me);

/// A file or folder of our own: what others may do with it is taken away (0600, 0700), whoever made it and whatever the
/// umask was. True when something was; a path that does not exist is left alone. kFailedPrecondition, with the reason
/// and the `chmod`, when it cannot be.
Result<bool> make_private(const std::filesystem::path& path);

/// Opens a file of our own for reading and writing, made with mode 0600 when it is missing and given it when it is not;
/// the descriptor is the caller's.
Result<int> open_private(const std::filesystem::path& path, int flags = 0);

/// Makes a file anew that nobody but its owner has ever been able to read (0600); one that was there goes.
Status write_private_file(const std::filesystem::path& path, std::string_view text);

}  // namespace oodml
