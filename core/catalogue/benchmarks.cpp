#include "core/catalogue/lists.h"

namespace oodml::catalogue {
namespace {

Component benchmark(std::string name, std::string summary, std::string paper, std::string layout, int ids,
                    std::string default_split) {
  Component component = Entry(Kind::kBenchmark, std::move(name), std::move(summary)).from(std::move(paper)).component;
  component.layout = std::move(layout);
  for (int id = 1; id <= ids; ++id) component.split_ids.push_back(std::to_string(id));
  component.default_split = std::move(default_split);
  return component;
}

}  // namespace

std::vector<Component> benchmarks() {
  return {
      benchmark("cub200", "CUB200-2011, 200 bird species, 11 788 images", "Wah et al., 2011", "cub200", 9, "3"),
      benchmark("cars196", "CARS196, 196 car models, 16 185 images", "Krause et al., ICCVW 2013", "cars196", 8, "1"),
      benchmark("online_products", "Stanford Online Products, 22 634 products, 120 053 images",
                "Oh Song et al., CVPR 2016", "online_products", 8, "1"),
      benchmark("fashion_mnist", "Fashion-MNIST, 10 kinds of clothing, 70 000 images of 28 x 28", "Xiao et al., 2017",
                "idx", 4, "4"),
  };
}

}  // namespace oodml::catalogue
