# LibTorch's shared libraries, without those for Python and for its own tests. Libraries of a wheel find each other by
# paths like $ORIGIN/../../nvidia/cudnn/lib, so the folders keep their places; a LibTorch from an archive has all in lib/.
file(GLOB oodml_torch_libraries "${TORCH_INSTALL_PREFIX}/lib/*.so" "${TORCH_INSTALL_PREFIX}/lib/*.so.*")
list(FILTER oodml_torch_libraries EXCLUDE REGEX
  "/lib(torch_python|shm|torch_global_deps|aoti_custom_ops|backend_with_compiler|jitbackend_test|torchbind_test)\\.so$")
install(PROGRAMS ${oodml_torch_libraries} DESTINATION lib/oodml/torch/lib COMPONENT libtorch)

if(TORCH_CUDA_LIBRARIES AND EXISTS "${TORCH_INSTALL_PREFIX}/../nvidia")
  install(DIRECTORY "${TORCH_INSTALL_PREFIX}/../nvidia" DESTINATION lib/oodml USE_SOURCE_PERMISSIONS COMPONENT libtorch
    FILES_MATCHING PATTERN "*.so*" PATTERN "stubs" EXCLUDE)
endif()
