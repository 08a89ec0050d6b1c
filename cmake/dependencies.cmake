# Every package the project uses, found in one place. deploy/setup.sh installs them on Debian 12.
find_package(Threads REQUIRED)
find_package(OpenSSL REQUIRED)
find_package(nlohmann_json REQUIRED)
find_package(spdlog REQUIRED)
find_package(fmt REQUIRED)  # spdlog brings it
find_package(yaml-cpp REQUIRED)
find_package(CLI11 REQUIRED)
find_package(tomlplusplus REQUIRED)
find_package(SQLite3 REQUIRED)
find_package(ZLIB REQUIRED)
find_package(JPEG REQUIRED)
find_package(PNG REQUIRED)
find_package(PkgConfig REQUIRED)
pkg_check_modules(WEBP REQUIRED IMPORTED_TARGET libwebp libwebpdemux)
find_package(Protobuf REQUIRED)
find_package(gRPC REQUIRED)
if(OODML_TESTS)
  find_package(GTest REQUIRED)
endif()
if(OODML_BENCH)
  find_package(benchmark REQUIRED)
endif()

if(NOT OODML_TORCH)
  return()
endif()

# LibTorch: the user's own (LIBTORCH=/path/to/torch) first, else the wheel that deploy/setup.sh installed.
if(NOT Torch_DIR)
  set(oodml_home "$ENV{OODML_HOME}")
  if(NOT oodml_home)
    set(oodml_home "$ENV{HOME}/.cache/oodml")
  endif()
  file(GLOB oodml_wheels "${oodml_home}/venv/lib/python3*/site-packages/torch")
  list(APPEND CMAKE_PREFIX_PATH $ENV{LIBTORCH} ${oodml_wheels})
endif()
find_package(Torch REQUIRED)
if(OODML_CUDA STREQUAL "ON" AND NOT TORCH_CUDA_LIBRARIES)
  message(FATAL_ERROR "OODML_CUDA=ON, but the LibTorch in ${Torch_DIR} has no CUDA; set LIBTORCH to one that has.")
endif()
find_package(OpenMP REQUIRED)  # what the static FAISS links
find_package(faiss REQUIRED)
# FAISS names the system's BLAS and LAPACK. Before LibTorch on the command line they would answer LibTorch's calls as
# well: every matrix product of the program would run in another library, on threads that nobody counts. Behind LibTorch,
# which brings its own, they only fill what it lacks.
find_library(OODML_TORCH_CPU torch_cpu PATHS "${TORCH_INSTALL_PREFIX}/lib" NO_DEFAULT_PATH REQUIRED)
get_target_property(oodml_faiss_links faiss INTERFACE_LINK_LIBRARIES)
set_target_properties(faiss PROPERTIES INTERFACE_LINK_LIBRARIES "${OODML_TORCH_CPU};${oodml_faiss_links}")
