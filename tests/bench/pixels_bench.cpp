// What pixels_peers.py asks of oodml: the hashes of decoded and resized images, and images a second on one thread.
//   pixels_bench hashes FILE...                    one line of JSON a file
//   pixels_bench speed SECONDS exact|fast first|later FILE...   decode + RandomResizedCrop(224) + normalise; `later`:
//   as
//                                                  in epochs behind the first, with the places kept of each file
#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <ctime>
#include <functional>
#include <nlohmann/json.hpp>
#include <string_view>

#include "core/base/atomic_file.h"
#include "core/base/sha256.h"
#include "core/images/decode.h"
#include "core/images/jpeg_places.h"
#include "core/images/transform.h"

namespace oodml::images {
namespace {

constexpr std::int64_t kMaxResized = 32 << 20;  // pixels; Pillow makes all of a resized image before it crops

std::string hash_of(const std::vector<std::uint8_t>& pixels) {
  return sha256_hex({reinterpret_cast<const char*>(pixels.data()), pixels.size()});
}

[[noreturn]] void stop(const std::string& message) {
  std::fprintf(stderr, "pixels_bench: %s\n", message.c_str());
  std::exit(1);
}

template <typename T>
T value_or_stop(Result<T> result) {
  if (!result) stop(result.error().message());
  return *std::move(result);
}

/// The k-th of three regions that differ in place, shape and size; pixels_peers.py has the same.
Box region(const Size& size, std::int64_t k) {
  const std::int64_t top = size.height * k / 5, left = size.width * k / 7;
  return {top, left, std::max<std::int64_t>(1, (size.height - top) * (k + 1) / 3),
          std::max<std::int64_t>(1, (size.width - left) * (3 - k) / 3)};
}

/// The view's 8-bit crop, decoded as the loader decodes it.
std::string hash_of_view(const Transform& transform, const std::string& bytes, const std::string& file,
                         const std::function<View(const Size&)>& choose) {
  View view;
  const auto part = value_or_stop(decode_part(bytes, file, [&](const Size& size) {
    view = choose(size);
    return transform.wanted_by(view);
  }));
  Transform::Scratch scratch;
  transform.render(part, view, scratch);
  return hash_of(scratch.pixels);
}

void print_hashes(const std::string& file) {
  const auto bytes = value_or_stop(read_file(file, kMaxImageFileBytes));
  const Image image = value_or_stop(decode_image(bytes, file));
  const Transform transform({});
  nlohmann::ordered_json line = {{"file", file}, {"mode", stored_mode(bytes)}, {"pixels", hash_of(image.pixels)}};
  Random unused(0);
  const View centre = transform.draw({image.width, image.height}, unused);
  if (centre.target.width * centre.target.height <= kMaxResized) {
    line["evaluation"] = hash_of_view(transform, bytes, file, [&](const Size&) { return centre; });
  }
  for (std::int64_t k = 0; k < 3; ++k) {
    line["crops"].push_back(hash_of_view(transform, bytes, file, [&](const Size& size) {
      return View{.source = region(size, k), .target = {224, 224}, .wanted = {0, 0, 224, 224}};
    }));
  }
  std::printf("%s\n", line.dump().c_str());
}

void print_speed(double seconds, bool fast, bool later, const std::vector<std::string>& files) {
  const Transform transform({.pipeline = Pipeline::kBase, .fast_decode = fast});
  Transform::Scratch scratch;
  std::vector<float> planes(3 * 224 * 224);
  Random random(1);
  std::vector<JpegPlaces> places(files.size());
  const auto load = [&](std::size_t i) {
    View view;
    const auto bytes = value_or_stop(read_file(files[i], kMaxImageFileBytes));
    const auto choose = [&](const Size& size) {
      view = transform.draw(size, random);
      return transform.wanted_by(view);
    };
    auto part = value_or_stop(decode_part(bytes, files[i], choose, later ? &places[i] : nullptr));
    transform.apply(part, view, scratch, planes.data());
    reuse(std::move(part));  // as the loader does
  };
  for (std::size_t i = 0; later && i < 4 * files.size(); ++i) load(i % files.size());
  std::int64_t images = 0;
  const std::clock_t begin = std::clock();  // of this process: others share the machine
  double passed = 0.0;
  while (passed < seconds || images < static_cast<std::int64_t>(files.size())) {
    load(static_cast<std::size_t>(images++) % files.size());
    passed = static_cast<double>(std::clock() - begin) / CLOCKS_PER_SEC;
  }
  std::printf("%.2f\n", static_cast<double>(images) / passed);
}

}  // namespace
}  // namespace oodml::images

int main(int argc, char** argv) {
  const std::vector<std::string> words(argv + 1, argv + argc);
  if (words.size() > 1 && words[0] == "hashes") {
    for (std::size_t i = 1; i < words.size(); ++i) oodml::images::print_hashes(words[i]);
    return 0;
  }
  const auto is = [&](std::size_t i, std::string_view a, std::string_view b) { return words[i] == a || words[i] == b; };
  if (words.size() > 4 && words[0] == "speed" && is(2, "exact", "fast") && is(3, "first", "later")) {
    oodml::images::print_speed(std::atof(words[1].c_str()), words[2] == "fast", words[3] == "later",
                               {words.begin() + 4, words.end()});
    return 0;
  }
  std::fprintf(stderr, "usage: pixels_bench hashes FILE... | speed SECONDS exact|fast first|later FILE...\n");
  return 2;
}
