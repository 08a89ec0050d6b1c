# The command line: plan, submit, watch, results, and `local`, for which the other programs are there too.
# First the build: docker/build.Dockerfile.
#
#   docker build -f docker/oodml.Dockerfile -t oodml .
#   docker run --rm -v "$PWD:/work" oodml plan sweep.yaml
ARG BUILD=oodml-build
ARG BASE=debian:12-slim
FROM ${BUILD} AS build

FROM ${BASE}
COPY --from=build /opt/oodml /opt/oodml
RUN install -d -o 10001 -g 10001 /work
USER 10001:10001
WORKDIR /work
ENV HOME=/tmp
# A command that ends has no health.
HEALTHCHECK NONE
ENTRYPOINT ["/opt/oodml/bin/oodml"]
CMD ["--help"]
