# What the images of the programs take theirs from: everything built, in /opt/oodml as the tarball has it.
#
#   docker build -f docker/build.Dockerfile -t oodml-build --build-arg COMMIT="$(git rev-parse --short=12 HEAD)" .
#
# For GPUs: --build-arg TORCH_FOLDER=DIR with the folder of a CUDA build of LibTorch inside the context.
ARG BASE=debian:12
FROM ${BASE}
SHELL ["/bin/bash", "-euo", "pipefail", "-c"]
WORKDIR /src

# What seldom changes comes first and stays in the builder's cache: Debian's packages and LibTorch.
COPY deploy/setup.sh deploy/
ARG TORCH_FOLDER=""
RUN if [ -z "$TORCH_FOLDER" ]; then bash deploy/setup.sh; fi

COPY . .
ARG COMMIT=unknown
RUN if [ -n "$TORCH_FOLDER" ]; then export LIBTORCH="/src/$TORCH_FOLDER"; fi; \
    bash deploy/setup.sh && \
    cmake -S . -B build -G Ninja -DOODML_TESTS=OFF -DOODML_COMMIT="$COMMIT" && \
    bash deploy/package.sh --tree /opt/oodml && \
    rm -rf build
