#pragma once

#include <string_view>
#include <vector>

namespace oodml::include_test {

/// The folders whose headers a folder may include, beside its own. Folders below it follow its rule unless they
/// have one of their own.
struct Arrow {
  std::string_view folder;
  std::vector<std::string_view> may_include;
};

/// A library and the only places where it may be included: folders (ending in /) or beginnings of file names.
struct Room {
  std::string_view library;
  std::vector<std::string_view> headers;  ///< Beginnings of what stands between the brackets or quotes.
  std::vector<std::string_view> places;
};

/// docs/architecture.md#arrows, folder by folder. A source folder without a line here is an error.
inline const std::vector<Arrow> kArrows = {
    {"core/base", {}},
    {"core/figures", {"core/base"}},
    {"core/statistics", {"core/base"}},
    {"core/products", {}},
    {"core/catalogue", {"core/base", "core/splits"}},
    {"core/command_line", {"core/base", "core/catalogue"}},
    {"core/job", {"core/base"}},
    {"core/sweep", {"core/base", "core/catalogue", "core/job", "core/splits"}},
    {"core/protocol", {"core/base", "core/job"}},
    {"core/warm", {"core/base"}},
    {"core/connection", {"core/base"}},
    {"core/daemon", {"core/base"}},
    {"proto/convert", {"core/base", "core/connection", "core/job", "proto/oodml/v1"}},

    {"core/pickle", {"core/base"}},
    {"core/splits", {"core/base", "core/pickle"}},
    {"core/identity", {"core/base", "core/catalogue", "core/job", "core/splits"}},
    {"core/weight_files", {"core/base", "core/pickle"}},
    {"core/images", {"core/base"}},
    {"core/data", {"core/base", "core/catalogue", "core/images", "core/splits"}},
    {"core/samplers", {"core/base", "core/data", "core/miners"}},
    {"core/collective", {"core/base"}},
    {"core/scripts", {"core/base"}},
    {"core/models",
     {"core/base", "core/catalogue", "core/collective", "core/products", "core/scripts", "core/weight_files"}},
    {"core/distances", {"core/products"}},
    {"core/miners", {"core/base", "core/distances"}},
    {"core/criteria",
     {"core/base", "core/catalogue", "core/distances", "core/miners", "core/products", "core/scripts"}},
    {"core/metrics", {"core/base", "core/catalogue", "core/products", "core/statistics"}},
    {"core/embedding_map", {"core/base", "core/metrics", "core/products"}},
    {"core/embedding_files", {"core/base"}},
    {"core/split_creation", {"core/base", "core/splits"}},
    {"core/train",
     {"core/base", "core/catalogue", "core/collective", "core/job", "core/data", "core/samplers", "core/models",
      "core/miners", "core/criteria", "core/metrics"}},
    {"core/pads",
     {"core/base", "core/collective", "core/data", "core/distances", "core/metrics", "core/miners", "core/models",
      "core/samplers", "core/train"}},
    {"core/toy",
     {"core/base", "core/criteria", "core/distances", "core/metrics", "core/miners", "core/samplers", "core/train"}},
    {"core/few_shot",
     {"core/base", "core/catalogue", "core/job", "core/splits", "core/data", "core/samplers", "core/models",
      "core/miners", "core/criteria", "core/metrics", "core/train"}},
    {"core/trial",
     {"core/base", "core/catalogue", "core/collective", "core/job", "core/sweep", "core/protocol", "core/identity",
      "core/data", "core/samplers", "core/scripts", "core/models", "core/miners", "core/criteria", "core/metrics",
      "core/train", "core/pads", "core/few_shot"}},
    {"core/commands", {"core/base",          "core/catalogue",
                       "core/command_line",  "core/job",
                       "core/sweep",         "core/splits",
                       "core/images",        "core/data",
                       "core/samplers",      "core/models",
                       "core/miners",        "core/criteria",
                       "core/metrics",       "core/embedding_files",
                       "core/embedding_map", "core/figures",
                       "core/scripts",       "core/split_creation",
                       "core/toy",           "core/train",
                       "core/trial",         "core/warm"}},

    {"coordinator/service", {"core/base", "core/job"}},
    {"coordinator/store", {"core/base", "core/job", "core/catalogue", "core/splits", "coordinator/service"}},
    {"coordinator/results",
     {"core/base", "core/job", "core/catalogue", "core/statistics", "coordinator/service", "coordinator/store"}},
    {"coordinator/scheduling",
     {"core/base", "core/job", "coordinator/service", "coordinator/store", "coordinator/results"}},
    {"coordinator/submission",
     {"core/base", "core/job", "core/catalogue", "core/splits", "coordinator/service", "coordinator/store",
      "coordinator/results", "coordinator/scheduling"}},
    {"coordinator/artifacts",
     {"core/base", "core/job", "coordinator/service", "coordinator/store", "coordinator/results"}},
    {"coordinator/upkeep", {"core/base", "core/job", "coordinator/service", "coordinator/store"}},
    {"coordinator/metrics", {"core/base", "coordinator/service", "coordinator/store", "coordinator/scheduling"}},
    {"coordinator/telling", {"core/base", "coordinator/service", "coordinator/store", "coordinator/scheduling"}},
    {"coordinator/rpc",
     {"core/base", "core/connection", "core/job", "coordinator/service", "proto/convert", "proto/oodml/v1"}},
    {"coordinator/web",
     {"core/base", "core/connection", "coordinator/service", "coordinator/rpc", "proto/convert", "proto/oodml/v1"}},
    {"coordinator/cli",
     {"core/base", "core/catalogue", "core/command_line", "core/connection", "core/figures", "core/job",
      "core/identity", "core/splits", "core/statistics", "core/sweep", "proto/convert", "proto/oodml/v1"}},
    {"coordinator",
     {"core/base", "core/command_line", "core/connection", "core/daemon", "core/splits", "core/sweep",
      "coordinator/service", "coordinator/store", "coordinator/artifacts", "coordinator/scheduling",
      "coordinator/submission", "coordinator/metrics", "coordinator/telling", "coordinator/upkeep", "coordinator/rpc",
      "coordinator/web"}},
    {"worker",
     {"core/base", "core/command_line", "core/connection", "core/daemon", "core/job", "core/catalogue", "core/identity",
      "core/protocol", "core/splits", "core/sweep", "core/warm", "proto/convert", "proto/oodml/v1"}},
};

inline const std::vector<Room> kRooms = {
    {"LibTorch",
     {"torch/", "ATen/", "c10/", "caffe2/"},
     {"core/collective/", "core/data/", "core/samplers/", "core/scripts/", "core/models/", "core/distances/",
      "core/miners/", "core/criteria/", "core/metrics/", "core/pads/", "core/embedding_files/", "core/embedding_map/",
      "core/toy/", "core/split_creation/", "core/train/", "core/few_shot/", "core/trial/", "core/commands/"}},
    {"FAISS", {"faiss/"}, {"core/metrics/faiss_"}},
    {"NCCL", {"nccl", "torch/csrc/distributed/c10d/ProcessGroupNCCL"}, {"core/collective/nccl_"}},
    {"Gloo", {"gloo/", "torch/csrc/distributed/c10d/ProcessGroupGloo"}, {"core/collective/gloo_"}},
    {"yaml-cpp", {"yaml-cpp/"}, {"core/sweep/yaml_reader.cpp"}},
    {"SQLite", {"sqlite3", "SQLiteCpp/"}, {"coordinator/store/"}},
    {"gRPC and protobuf",
     {"grpc", "google/protobuf/", "oodml/v1/", "proto/oodml/v1/", "proto/convert/"},
     {"proto/", "coordinator/rpc/", "coordinator/web/json_calls", "coordinator/web/watch_feed", "coordinator/cli/",
      "worker/grpc_"}},
    {"CLI11",
     {"CLI/"},
     {"core/command_line/", "coordinator/cli/", "coordinator/main", "worker/main", "core/commands/"}},
    {"toml++", {"toml++/"}, {"core/connection/client_file.cpp"}},
    {"prometheus-cpp", {"prometheus/"}, {"coordinator/metrics/"}},
    {"cpp-httplib",
     {"httplib"},
     {"coordinator/web/", "coordinator/telling/http_post.cpp", "coordinator/cli/scale/kubernetes/kube_api.cpp"}},
    {"OpenSSL's certificates",
     {"openssl/x509", "openssl/pem"},
     {"core/connection/", "coordinator/web/tls_context.cpp"}},
};

}  // namespace oodml::include_test
