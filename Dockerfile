# syntax=docker/dockerfile:1
FROM python:3.13-slim-trixie AS build
ENV PIP_DISABLE_PIP_VERSION_CHECK=1 PYTHONDONTWRITEBYTECODE=1
WORKDIR /source
COPY deploy/requirements.lock deploy/requirements.lock
RUN python -m venv /opt/firstfix \
 && /opt/firstfix/bin/pip install --no-cache-dir --require-hashes -r deploy/requirements.lock
COPY . .
# The build hook builds web/ with the Node.js of a wheel, so that the image needs no other.
RUN /opt/firstfix/bin/pip install --no-cache-dir --no-deps .

FROM python:3.13-slim-trixie
ENV PATH=/opt/firstfix/bin:$PATH PYTHONUNBUFFERED=1 FIRSTFIX_LOG_JSON=true
RUN groupadd --gid 10001 firstfix \
 && useradd --uid 10001 --gid 10001 --create-home --shell /usr/sbin/nologin firstfix
# Docker gives a new volume the owner of the folder in the image: the logins are Mosquitto's.
RUN mkdir -p /mosquitto/logins && chown 1883:1883 /mosquitto/logins
COPY --from=build /opt/firstfix /opt/firstfix
USER 10001:10001
WORKDIR /home/firstfix
# As the user of the running container: compiled code is cached in that user's home.
RUN firstfix warm
EXPOSE 8000
ENTRYPOINT ["firstfix"]
CMD ["serve", "--host", "0.0.0.0"]
