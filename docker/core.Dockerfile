# The DML core alone: evaluate, embed, splits, run, for machines where nothing else of oodml is wanted.
# First the build: docker/build.Dockerfile.
#
#   docker build -f docker/core.Dockerfile -t oodml-core .
#   docker run --rm -v "$PWD:/work" oodml-core evaluate embeddings.safetensors
ARG BUILD=oodml-build
ARG BASE=debian:12-slim
FROM ${BUILD} AS build

FROM ${BASE}
COPY --from=build /opt/oodml/bin/oodml-core /opt/oodml/bin/
COPY --from=build /opt/oodml/lib/oodml /opt/oodml/lib/oodml
RUN install -d -o 10001 -g 10001 /work
USER 10001:10001
WORKDIR /work
ENV NVIDIA_VISIBLE_DEVICES=all NVIDIA_DRIVER_CAPABILITIES=compute,utility
# A command that ends has no health.
HEALTHCHECK NONE
ENTRYPOINT ["/opt/oodml/bin/oodml-core"]
CMD ["--help"]
