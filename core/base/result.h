#pragma once

#include <expected>
#include <string>
#include <utility>

namespace oodml {

/// Why an operation failed. The names follow gRPC's codes so that the wire needs no second vocabulary.
enum class StatusCode {
  kOk,
  kInvalidArgument,  ///< The caller's input is wrong and will stay wrong.
  kNotFound,
  kAlreadyExists,
  kAborted,             ///< A lease or request was overtaken; its holder must stop.
  kFailedPrecondition,  ///< The state of the system forbids it now.
  kPermissionDenied,
  kUnauthenticated,
  kResourceExhausted,  ///< A limit, a full queue or a full disk; may work later.
  kUnavailable,        ///< The other side cannot be reached; try again.
  kDeadlineExceeded,
  kCancelled,
  kDataLoss,  ///< Stored bytes are damaged.
  kUnimplemented,
  kInternal,  ///< A bug or an unexpected answer of the system.
};

const char* to_text(StatusCode code);

/// Success, or a code and a message that says what was tried, on what, and what would be accepted.
class [[nodiscard]] Status {
 public:
  Status() = default;
  Status(StatusCode code, std::string message) : code_(code), message_(std::move(message)) {}

  bool ok() const { return code_ == StatusCode::kOk; }
  StatusCode code() const { return code_; }
  const std::string& message() const { return message_; }
  /// "invalid_argument: line 7: ..." for logs.
  std::string text() const;

  friend bool operator==(const Status&, const Status&) = default;

 private:
  StatusCode code_ = StatusCode::kOk;
  std::string message_;
};

/// A value, or the Status that says why there is none.
template <typename T>
using Result = std::expected<T, Status>;

/// What a failing function returns: converts to Status and to any Result<T>.
struct [[nodiscard]] Failure {
  Status status;

  operator Status() const { return status; }
  template <typename T>
  operator std::expected<T, Status>() const {
    return std::unexpected(status);
  }
};

inline Failure failure(StatusCode code, std::string message) { return Failure{Status(code, std::move(message))}; }
inline Failure failure(Status status) { return Failure{std::move(status)}; }
inline Failure invalid_argument(std::string message) {
  return failure(StatusCode::kInvalidArgument, std::move(message));
}
inline Failure not_found(std::string message) { return failure(StatusCode::kNotFound, std::move(message)); }
inline Failure failed_precondition(std::string message) {
  return failure(StatusCode::kFailedPrecondition, std::move(message));
}
inline Failure unavailable(std::string message) { return failure(StatusCode::kUnavailable, std::move(message)); }
inline Failure internal_error(std::string message) { return failure(StatusCode::kInternal, std::move(message)); }

/// A Failure from errno: "open /a/b: No space left on device", with the fitting code.
Failure system_failure(std::string what, int error_number);

namespace detail {
inline const Status& status_of(const Status& status) { return status; }
template <typename T>
Status status_of(const std::expected<T, Status>& result) {
  return result.has_value() ? Status() : result.error();
}
}  // namespace detail

}  // namespace oodml

#define OODML_CONCAT_INNER(a, b) a##b
#define OODML_CONCAT(a, b) OODML_CONCAT_INNER(a, b)

/// Returns early from a function giving Status or Result when `expression` (Status or Result<void>) failed.
#define OODML_RETURN_IF_ERROR(expression)                                                            \
  do {                                                                                               \
    if (::oodml::Status oodml_status = ::oodml::detail::status_of(expression); !oodml_status.ok()) { \
      return ::oodml::failure(std::move(oodml_status));                                              \
    }                                                                                                \
  } while (false)

/// `OODML_ASSIGN_OR_RETURN(const SweepSpec spec, parse_sweep(text));`
#define OODML_ASSIGN_OR_RETURN(declaration, expression) \
  OODML_ASSIGN_OR_RETURN_INNER(OODML_CONCAT(oodml_result_, __LINE__), declaration, expression)
#define OODML_ASSIGN_OR_RETURN_INNER(result, declaration, expression) \
  auto result = (expression);                                         \
  if (!result.has_value()) {                                          \
    return ::oodml::failure(std::move(result).error());               \
  }                                                                   \
  declaration = std::move(result).value()
