# The coordinator. First the build: docker/build.Dockerfile.
#
#   docker build -f docker/coordinator.Dockerfile -t oodml-coordinator .
#
# Beyond its own container it wants TLS and tokens; deploy/compose.yaml has a whole example.
ARG BUILD=oodml-build
ARG BASE=debian:12-slim
FROM ${BUILD} AS build

FROM ${BASE}
COPY --from=build /opt/oodml/bin/oodml-coordinator /opt/oodml/bin/
COPY --from=build /opt/oodml/lib/oodml/*.so* /opt/oodml/lib/oodml/
# A folder that belongs to the program's user: a volume that is mounted there the first time takes its owner over.
RUN install -d -m 0700 -o 10001 -g 10001 /var/lib/oodml
USER 10001:10001
VOLUME /var/lib/oodml
EXPOSE 7070
# Without a token nobody is answered, so the question is whether the port is served.
HEALTHCHECK --interval=10s --timeout=5s --start-period=60s CMD ["bash", "-c", "exec 3<>/dev/tcp/127.0.0.1/7070"]
STOPSIGNAL SIGTERM
ENTRYPOINT ["/opt/oodml/bin/oodml-coordinator", "--database", "/var/lib/oodml/coordinator.db"]
CMD ["--listen", "0.0.0.0:7070"]
