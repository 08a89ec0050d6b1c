// Damaged info files of SOP: nothing may crash, hang or take much memory, and what is accepted must be consistent.
#include <gtest/gtest.h>

#include <set>

#include "core/data/product_info.h"
#include "tests/support/mutator.h"

namespace oodml::data {
namespace {

testing::Corpus info_files() {
  const std::string header = "image_id class_id super_class_id path\n";
  return {
      .seeds = {header + "1 2 1 bicycle_final/900_0.JPG\n2 2 1 bicycle_final/900_1.JPG\n3 1 1 bicycle_final/100_0.JPG\n"
                         "4 3 5 fan_final/500_0.JPG\n",
                header + "1 11319 5 fan_final/111085122871_0.JPG\r\n2 11320 12 toaster_final/7_1.jpeg", header},
      .words = {"\n", " ", "  ", "\r\n", "/", "../", "..", "_", "0", "-1", "99999999999999999999", "1000000000",
                "image_id ", "fan_final/", ".JPG", std::string(1, '\0'), "\xFF", "\x1B[2J"}};
}

void expect_consistent(const Products& products) {
  std::set<std::string> items, paths;
  for (const auto& [id, product] : products.classes) {
    ASSERT_GE(id, 1);
    ASSERT_TRUE(items.insert(product.item).second) << "an item of two classes";
    ASSERT_FALSE(product.paths.empty());
    for (const std::string& path : product.paths) {
      ASSERT_TRUE(paths.insert(path).second) << "a path twice";
      ASSERT_TRUE(path.starts_with(product.folder + "/" + product.item + "_")) << path;
      ASSERT_EQ(std::ranges::count(path, '/'), 1);
      ASSERT_NE(product.folder, "..");
    }
  }
}

TEST(ProductInfoFuzzTest, DamagedInfoFilesAreRefusedByLineOrConsistent) {
  testing::fuzz(
      info_files(),
      [](const std::string& text, std::uint64_t number) {
        Products products;
        const Status status = add_product_info(text, "Ebay_train.txt", true, products);
        if (status.ok()) return expect_consistent(products);
        ASSERT_GE(number, 3U) << status.message();
        ASSERT_TRUE(status.message().starts_with("Ebay_train.txt:")) << status.message();
        for (const char c : status.message()) ASSERT_GE(static_cast<unsigned char>(c), 0x20) << "a control character";
      },
      20'000);
}

}  // namespace
}  // namespace oodml::data
