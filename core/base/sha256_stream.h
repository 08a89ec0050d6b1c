#pragma once

#include <memory>
#include <string>
#include <string_view>

struct evp_md_ctx_st;

namespace oodml {

/// SHA-256 of bytes that come in pieces.
class Sha256Stream {
 public:
  Sha256Stream();

  void add(std::string_view bytes);
  /// 64 lower-case hexadecimal digits. Ends it: nothing may be added after.
  std::string hex();

 private:
  std::unique_ptr<evp_md_ctx_st, void (*)(evp_md_ctx_st*)> context_;
};

}  // namespace oodml
