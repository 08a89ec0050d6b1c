#include "tests/support/deflated.h"

#include <zlib.h>

namespace oodml::testing {
namespace {

std::string deflated(std::string_view bytes, int window_bits) {
  z_stream stream{};
  deflateInit2(&stream, Z_BEST_COMPRESSION, Z_DEFLATED, window_bits, 9, Z_DEFAULT_STRATEGY);
  std::string out(deflateBound(&stream, bytes.size()) + 64, '\0');
  stream.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(bytes.data()));
  stream.avail_in = static_cast<uInt>(bytes.size());
  stream.next_out = reinterpret_cast<Bytef*>(out.data());
  stream.avail_out = static_cast<uInt>(out.size());
  deflate(&stream, Z_FINISH);
  out.resize(stream.total_out);
  deflateEnd(&stream);
  return out;
}

}  // namespace

std::string raw_deflated(std::string_view bytes) { return deflated(bytes, -MAX_WBITS); }
std::string zlib_deflated(std::string_view bytes) { return deflated(bytes, MAX_WBITS); }
std::string gzipped(std::string_view bytes) { return deflated(bytes, MAX_WBITS + 16); }

}  // namespace oodml::testing
