# The image of the workbench: the packages of scripts/workbench/packages on Debian, and
# the nats command line. Whatever is FROM a registry can be replaced:
# scripts/workbench/stand-in-images makes images where none can be pulled.
ARG DEBIAN_IMAGE=debian:forky-slim
ARG NATS_BOX_IMAGE=natsio/nats-box:0.19.5

FROM ${NATS_BOX_IMAGE} AS cli

FROM ${DEBIAN_IMAGE}
# A line in the language of apt.conf, for mirrors that need one.
ARG APT_OPTIONS=
COPY scripts/workbench/packages /etc/workbench.packages
RUN set -eu; \
    printf '%s\n' "$APT_OPTIONS" >/etc/apt/apt.conf.d/90workbench; \
    packages=$(sed -n 's/^learner *\([^ ]*\).*/\1/p' /etc/workbench.packages); \
    apt-get update; \
    apt-get install -y --no-install-recommends $packages; \
    rm -rf /var/lib/apt/lists/* /var/cache/apt/*; \
    echo $packages >/etc/workbench
COPY --from=cli /usr/local/bin/nats /usr/local/bin/nats
# Who works in a development container; compose names a user of its own.
RUN useradd --create-home --shell /bin/bash room
# Debian packages over and above, in a layer of their own.
ARG WORKBENCH_EXTRA=
RUN set -eu; \
    [ -n "$WORKBENCH_EXTRA" ] || exit 0; \
    apt-get update; \
    apt-get install -y --no-install-recommends $WORKBENCH_EXTRA; \
    rm -rf /var/lib/apt/lists/* /var/cache/apt/*; \
    echo $(cat /etc/workbench) $WORKBENCH_EXTRA >/etc/workbench
