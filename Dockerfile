# syntax=docker/dockerfile:1
# mock-sma as a container: Python, the locked packages, and no tool to build or to fetch with.
# Any image with Python 3.11 or newer at the same path in both stages will do as a base.
ARG PYTHON_IMAGE=docker.io/library/python:3.13-slim

FROM ${PYTHON_IMAGE} AS build
ENV PIP_DISABLE_PIP_VERSION_CHECK=1 PIP_NO_CACHE_DIR=1 PIP_ROOT_USER_ACTION=ignore PYTHONDONTWRITEBYTECODE=1
WORKDIR /src
# Packages before sources: what changes seldom is built once. Only wheels: nothing is compiled, on amd64 and arm64 alike.
COPY requirements/runtime.txt requirements/build.txt requirements/
RUN python -m venv --without-pip /opt/mock-sma \
 && python -m venv /opt/build \
 && /opt/build/bin/pip install --quiet --require-hashes --only-binary :all: -r requirements/build.txt \
 && /opt/build/bin/pip --python /opt/mock-sma/bin/python install --quiet --require-hashes --only-binary :all: --no-compile \
    -r requirements/runtime.txt
COPY pyproject.toml README.md LICENSE THIRD-PARTY.md ./
COPY scenarios scenarios
COPY mock_sma mock_sma
COPY container/trim.py container/
# Bytecode is made here, since nobody can write it later: the start would take twice as long.
RUN /opt/build/bin/pip wheel --quiet --no-deps --no-build-isolation --wheel-dir /dist . \
 && /opt/build/bin/pip --python /opt/mock-sma/bin/python install --quiet --no-deps --no-compile /dist/*.whl \
 && python container/trim.py /opt/mock-sma \
 && mkdir /tls \
 && /opt/mock-sma/bin/python -m compileall -q --invalidation-mode unchecked-hash /opt/mock-sma/lib

FROM ${PYTHON_IMAGE}
ARG VERSION=1.0.0
ARG REVISION=unknown
LABEL org.opencontainers.image.title="mock-sma" \
      org.opencontainers.image.description="A local emulator of the SMA Monitoring API for tests. Independent of SMA." \
      org.opencontainers.image.licenses="MIT" \
      org.opencontainers.image.version="${VERSION}" \
      org.opencontainers.image.revision="${REVISION}"
COPY --from=build /opt/mock-sma /opt/mock-sma
# Where --tls auto keeps its certificates: a volume that is mounted here belongs to the server.
COPY --from=build --chown=10001:10001 /tls /tls
# A number, so that the image needs no entry in passwd and a cluster can see that it is not root.
USER 10001:10001
WORKDIR /scenarios
ENV PATH=/opt/mock-sma/bin:/usr/local/bin:/usr/bin:/bin \
    PYTHONUNBUFFERED=1 PYTHONDONTWRITEBYTECODE=1 \
    MOCK_SMA_HOST=0.0.0.0 MOCK_SMA_PORT=8080 MOCK_SMA_TLS_DIR=/tls
EXPOSE 8080
STOPSIGNAL SIGTERM
HEALTHCHECK --interval=5s --timeout=3s --start-period=5s --retries=3 CMD ["/opt/mock-sma/bin/mock-sma", "health"]
ENTRYPOINT ["/opt/mock-sma/bin/mock-sma"]
CMD ["serve"]
