# The worker, with the DML core that runs its trials. First the build: docker/build.Dockerfile.
#
#   docker build -f docker/worker.Dockerfile -t oodml-worker .
#   docker run --gpus all -v /data/benchmarks:/data/benchmarks:ro ... oodml-worker --coordinator HOST:PORT ...
ARG BUILD=oodml-build
ARG BASE=debian:12-slim
FROM ${BUILD} AS build

FROM ${BASE}
COPY --from=build /opt/oodml/bin/oodml-worker /opt/oodml/bin/oodml-core /opt/oodml/bin/
COPY --from=build /opt/oodml/lib/oodml /opt/oodml/lib/oodml
RUN install -d -m 0700 -o 10001 -g 10001 /var/lib/oodml && install -d /data/benchmarks
USER 10001:10001
VOLUME /var/lib/oodml
ENV NVIDIA_VISIBLE_DEVICES=all NVIDIA_DRIVER_CAPABILITIES=compute,utility
# A worker without its devices is none; that it is registered, `oodml workers` tells.
HEALTHCHECK --interval=5m --timeout=60s --start-period=60s CMD ["/opt/oodml/bin/oodml-core", "probe"]
STOPSIGNAL SIGTERM
ENTRYPOINT ["/opt/oodml/bin/oodml-worker", "--state-dir", "/var/lib/oodml", "--benchmarks-root", "/data/benchmarks"]
