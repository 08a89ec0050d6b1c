#include "core/base/pem_file.h"

#include <cstdint>

#include "core/base/atomic_file.h"

namespace oodml {
namespace {

constexpr std::uint64_t kMaxBytes = 1 << 20;

}  // namespace

Result<std::string> read_pem_file(const std::filesystem::path& file, PemKind kind) {
  Result<std::string> text = read_file(file, kMaxBytes);
  if (!text.has_value()) return text;
  const bool certificate = kind == PemKind::kCertificate;
  // Keys are labelled PRIVATE KEY, EC PRIVATE KEY or RSA PRIVATE KEY.
  if (text->find(certificate ? "CERTIFICATE-----" : "PRIVATE KEY-----") != std::string::npos) return text;
  return invalid_argument(file.string() + ": no " + (certificate ? "certificate" : "private key") + " in PEM form in it");
}

}  // namespace oodml
